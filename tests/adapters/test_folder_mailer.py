"""A folder of letters keeps the laws of Mailer."""

from collections.abc import Sequence
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from msgspec.structs import replace

from etalage.adapters.folder_mailer import FolderMailer
from etalage.model.errors import Refused, Unavailable
from tests.laws.mailer import LETTER, MailerLaws


class FolderLab:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def mailer(self) -> FolderMailer:
        return FolderMailer(self.folder, "tickets@etalage.test")

    def arrived(self) -> Sequence[EmailMessage]:
        letters = [message_from_bytes(path.read_bytes(), policy=default) for path in sorted(self.folder.glob("*.eml"))]
        return [mail for mail in letters if isinstance(mail, EmailMessage)]

    def reached(self) -> Sequence[str]:
        return [
            address.addr_spec
            for mail in self.arrived()
            for name in ("To", "Cc", "Bcc")
            if mail[name]
            for address in mail[name].addresses
        ]

    def close(self) -> None:
        """A file stands where the folder should be, and letters that came are kept."""
        if self.folder.is_dir():
            self.folder.rename(self.folder.with_suffix(".away"))
        self.folder.write_text("in the way", "utf-8")

    def open(self) -> None:
        self.folder.unlink()
        if self.folder.with_suffix(".away").is_dir():
            self.folder.with_suffix(".away").rename(self.folder)


class TestFolderMailer(MailerLaws):
    @pytest.fixture
    def lab(self, tmp_path: Path) -> FolderLab:
        return FolderLab(tmp_path / "mail")


def test_a_letter_lies_there_under_the_name_of_its_key(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path, "tickets@etalage.test")
    mailer.send(LETTER, "co1/order")
    mailer.send(replace(LETTER, to="zoë@voorbeeld.test"), "../../co1/again:2")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["..-..-co1-again-2.eml", "co1-order.eml"]
    assert "zoë@voorbeeld.test".encode() in (tmp_path / "..-..-co1-again-2.eml").read_bytes()


def test_the_folder_says_whether_it_can_be_written(tmp_path: Path) -> None:
    FolderMailer(tmp_path / "mail", "tickets@etalage.test").examine()
    assert list((tmp_path / "mail").iterdir()) == []
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(Unavailable):
        FolderMailer(tmp_path / "file", "tickets@etalage.test").examine()


def test_who_sends_must_have_an_address(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        FolderMailer(tmp_path, "tickets")
