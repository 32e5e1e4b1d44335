"""AppleWallet keeps the laws of Wallet, and says what is wrong with the papers that it is to sign with."""

import sys
from pathlib import Path

import pytest

from etalage.adapters import _apple_papers
from etalage.adapters.apple_wallet import AppleWallet
from etalage.model.errors import Refused
from tests.adapters.wallet_lab import TYPE, Authority
from tests.laws.wallet import PASS, WalletLaws, opened
from tests.make import at

NOW = at("2026-11-22 12:00")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


class TestAppleWallet(WalletLaws):
    @pytest.fixture
    def wallet(self, authority: Authority) -> AppleWallet:
        return AppleWallet(_apple_papers.read(authority.papers(), "", NOW))

    @pytest.fixture
    def root(self, authority: Authority) -> Path:
        return authority.root


def test_type_and_team_are_those_of_the_certificate(authority: Authority) -> None:
    papers = _apple_papers.read(authority.papers("locked.pem", password="geheim"), "geheim", NOW)
    card, _ = opened(AppleWallet(papers).pack(PASS))
    assert (card["passTypeIdentifier"], card["teamIdentifier"], card["serialNumber"]) == (TYPE, "A1B2C3D4E5", "5f2c")
    assert papers.until == authority.house[0].not_valid_after_utc


def test_papers_that_cannot_sign_are_told(authority: Authority) -> None:
    """Each mistake that one makes when one follows the page, in words that say which."""
    other, strange = authority.issue(days=200), authority.issue(pass_type="")
    not_ours, empty = authority.papers("above.pem", above=False), authority.folder / "empty.pem"
    empty.write_text("nothing")
    cases = [
        (authority.folder / "away.pem", "", "wallet_wrong", "No such file"),
        (empty, "", "wallet_wrong", "no private key"),
        (authority.papers("locked.pem", password="geheim"), "", "wallet_wrong", "another password"),
        (authority.papers("locked.pem", password="geheim"), "fout", "wallet_wrong", "another password"),
        (authority.papers("key.pem", key=other[1]), "", "wallet_wrong", "belongs to none"),
        (not_ours, "", "wallet_wrong", "'CN=Test WWDR', which is not in the file"),
        (authority.papers("strange.pem", strange), "", "wallet_wrong", "not one for a Pass Type ID"),
        (authority.papers("lapsed.pem", other), "", "wallet_lapsed", "2026-01-01 to 2026-07-20"),
    ]  # fmt: skip
    for path, password, code, words in cases:
        with pytest.raises(Refused, match=words) as no:
            _apple_papers.read(path, password, NOW)
        assert (no.value.code, no.value.where) == (code, str(path))


def test_without_the_library_one_is_told_what_to_install(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [one for one in sys.modules if one.partition(".")[0] == "cryptography"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(Refused, match=r"install etalage\[wallet\]") as no:
        _apple_papers.read(authority.papers(), "", NOW)
    assert no.value.code == "wallet_library"
