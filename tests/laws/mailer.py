"""The laws of etalage/ports/mailer.py as tests: one class, bound to every way of sending letters.

A lab has the other end of the line: it sees what arrived, and can close the post.
"""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Protocol

import pytest
from msgspec.structs import replace

from etalage.model.errors import Refused, Unavailable
from etalage.model.letter import Enclosure, Letter
from etalage.ports.mailer import Mailer

AN = "an@voorbeeld.test"
LETTER = Letter(
    to=AN, subject="Je tickets", text="Dag An,\n\ntot zaterdag.\n", html="<p>Dag An,</p>", sender="CC De Linde",
    reply="onthaal@linde.test", written=datetime(2026, 11, 22, 12, tzinfo=UTC), language="nl",
)  # fmt: skip


class Lab(Protocol):
    """What a law needs of a post."""

    def mailer(self) -> Mailer: ...

    def arrived(self) -> Sequence[EmailMessage]:
        """Every letter that came, in any order."""
        ...

    def reached(self) -> Sequence[str]:
        """The addresses that letters went to, one for each letter and address."""
        ...

    def close(self) -> None: ...

    def open(self) -> None: ...


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


class MailerLaws:
    def test_1_a_letter_is_sent_once_per_key(self, lab: Lab) -> None:
        mailer = lab.mailer()
        for _ in range(3):
            mailer.send(LETTER, "co1/order")
        mailer.send(LETTER, "co1/again-1")
        assert len(lab.arrived()) == 2

    def test_2_a_key_has_one_name_and_every_try_bears_it(self, lab: Lab) -> None:
        lab.mailer().send(LETTER, "co1/order")
        first = lab.arrived()[-1]
        lab.mailer().send(LETTER, "co1/order")
        lab.mailer().send(LETTER, "co2/order")
        names = [mail["Message-ID"] for mail in lab.arrived()]
        assert first["Message-ID"] in names and len(set(names)) == 2
        assert {mail["Date"] for mail in lab.arrived()} == {"Sun, 22 Nov 2026 12:00:00 +0000"}
        assert all("co1" not in name and name.startswith("<") and name.endswith(">") for name in names)

    def test_3_a_closed_post_takes_nothing_and_may_be_asked_again(self, lab: Lab) -> None:
        mailer = lab.mailer()
        lab.close()
        for _ in range(2):
            with pytest.raises(Unavailable) as silent:
                mailer.send(LETTER, "co1/order")
            assert silent.value.code in ("mail_closed", "mail_locked")
        assert lab.arrived() == []
        lab.open()
        mailer.send(LETTER, "co1/order")
        assert len(lab.arrived()) == 1

    @pytest.mark.parametrize(
        "to", ["an", "@voorbeeld.test", "an@", "an voorbeeld@x.test", "an@x..test", "an@x.test, bo@x.test", ""]
    )
    def test_4_what_is_no_address_is_refused_and_the_next_letter_goes_out(self, lab: Lab, to: str) -> None:
        mailer = lab.mailer()
        with pytest.raises(Refused) as no:
            mailer.send(replace(LETTER, to=to), "co1/order")
        assert no.value.code == "mail_undeliverable"
        mailer.send(LETTER, "co2/order")
        assert lab.reached() == [AN]

    @pytest.mark.parametrize("mark", ["\r\n", "\n", "\r", "\0", "\u2028", "\x85", "\ud800"])
    def test_5_no_sign_makes_a_header_or_a_recipient(self, lab: Lab, mark: str) -> None:
        evil = f"x{mark}Bcc: dief@kwaad.test{mark}{mark}<h1>"
        lab.mailer().send(
            replace(
                LETTER, subject=evil, sender=evil, reply=f"a@b.test{mark}Bcc: dief@kwaad.test", text=evil, html=evil
            ),
            "co1/order",
        )
        [mail] = lab.arrived()
        assert lab.reached() == [AN] and mail["Bcc"] is None and mail["Reply-To"] is None
        assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
        assert mail["From"].addresses[0].display_name.startswith("x")
        with pytest.raises(Refused):
            lab.mailer().send(replace(LETTER, to=f"an@voorbeeld.test{mark}Bcc: dief@kwaad.test"), "co1/again")

    def test_5_an_end_that_a_server_reads_is_only_a_dot(self, lab: Lab) -> None:
        text = "een\n.\nMAIL FROM:<dief@kwaad.test>\n..\n"
        lab.mailer().send(replace(LETTER, text=text), "co1/order")
        [mail] = lab.arrived()
        assert body(mail, "plain") == text and lab.reached() == [AN]

    def test_6_words_and_enclosures_arrive_as_they_were(self, lab: Lab) -> None:
        words = 'Zoë, "Łódź" & Ωmega — ' + "é" * 200
        pdf = bytes(range(256)) * 300
        lab.mailer().send(
            replace(
                LETTER, subject=words, sender="Théâtre « Œuvre »", text=words, html=f"<p>{words}</p>",
                enclosures=(Enclosure(name="tickets.pdf", kind="application/pdf", content=pdf),),
            ),
            "co1/order",
        )  # fmt: skip
        [mail] = lab.arrived()
        assert mail["Subject"] == words and mail["From"].addresses[0].display_name == "Théâtre « Œuvre »"
        assert mail["Reply-To"] == "onthaal@linde.test" and mail["Content-Language"] == "nl"
        assert body(mail, "plain").strip() == words and body(mail, "html").strip() == f"<p>{words}</p>"
        [file] = mail.iter_attachments()
        assert file.get_filename() == "tickets.pdf" and file.get_content() == pdf
        assert mail["Auto-Submitted"] == "auto-generated"

    def test_6_an_address_of_another_script_is_written_as_servers_write_it(self, lab: Lab) -> None:
        lab.mailer().send(replace(LETTER, to="an@théâtre.test"), "co1/order")
        assert lab.reached() == ["an@xn--thtre-4qa2c.test"]

    def test_7_nothing_personal_is_logged_or_told(self, lab: Lab, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        mailer = lab.mailer()
        mailer.send(LETTER, "co1/order")
        lab.close()
        with pytest.raises(Unavailable) as silent:
            mailer.send(LETTER, "co2/order")
        with pytest.raises(Refused) as no:
            mailer.send(replace(LETTER, to="geheim voorbeeld"), "co3/order")
        said = "".join(record.getMessage() for record in caplog.records if record.name.startswith("etalage"))
        assert "voorbeeld" not in f"{silent.value} {no.value} {said}"
