"""Tickets for the wallet of a phone: from the order's page to the file, signed by the house or by who sold it."""

import io
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from etalage.adapters import _apple_papers
from etalage.adapters.apple_wallet import AppleWallet
from etalage.adapters.folder_mailer import FolderMailer
from functions.links import Links
from tests.adapters.wallet_lab import Authority
from tests.functions.mailing import Mailing
from tests.laws.wallet import opened, verify
from tests.make import at
from tests.shop import Shop

HTML = {"accept": "text/html"}
LINK = re.compile(r'href="(/[^"]+\.pkpass)"')
NOW = at("2026-11-22 12:00")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def signer(authority: Authority) -> AppleWallet:
    return AppleWallet(_apple_papers.read(authority.papers(), "", NOW))


def mailing(folder: Path, **wallets: AppleWallet) -> Mailing:
    return Mailing(folder, FolderMailer(folder / "mail", "tickets@regio.test"), wallets=wallets)


@pytest.fixture
def region(tmp_path: Path, authority: Authority) -> Mailing:
    """The region signs for its houses."""
    return mailing(tmp_path, regio=signer(authority))


def links(region: Mailing, folder: str = "/sites/regio/") -> list[str]:
    return LINK.findall(region.visitor.get(f"{folder}order/{region.token()}", headers=HTML).text)


def test_each_ticket_of_an_order_goes_into_a_phone(region: Mailing, authority: Authority, tmp_path: Path) -> None:
    icon = io.BytesIO()
    Image.new("RGB", (192, 192), (0, 90, 160)).save(icon, "PNG")
    house = region.output / "linde"
    house.mkdir()
    (house / "icon.png").write_bytes(icon.getvalue())
    told = {"theme_color": "#005aa0", "icons": [{"src": "icon.png", "sizes": "192x192"}]}
    (house / "manifest.webmanifest").write_text(json.dumps(told), "utf-8")
    order = region.order()
    found = links(region)
    assert len(set(found)) == 3
    cards = []
    for link in found:
        answer = region.visitor.get(link)
        assert answer.status_code == 200 and answer.headers["content-type"] == "application/vnd.apple.pkpass"
        assert answer.headers["cache-control"] == "no-store" and answer.headers["x-robots-tag"] == "noindex"
        card, parts = opened(answer.content)
        assert verify(parts, authority.root, tmp_path).returncode == 0
        assert b"oorbeeld" not in b"".join(parts.values()), "nobody's name, no address"
        cards.append(card)
    codes = [ticket.code for share in order.shares for ticket in share.tickets]
    assert [card["barcodes"][0]["message"] for card in cards] == codes
    assert not any(code in link for code in codes for link in found), "what opens a door is in no address"
    assert len({card["serialNumber"] for card in cards}) == 3 and not any(card["voided"] for card in cards)
    first, last = cards[0], cards[-1]
    fields = [(one["label"], one["value"]) for part in first["eventTicket"].values() for one in part]
    assert fields[:3] == [
        ("CC De Linde", "Die Winterreise"),
        ("Wanneer", "zaterdag 5 december 2026, 20:00"),
        ("Waar", "Zaal, De Linde, Oosterlo"),
    ]
    assert ("Hoe geraak je er", "Langs de kerk en dan links.") in fields and ("Regio", "Bestelling CO1") in fields
    assert first["relevantDate"] == "2026-12-05T20:00:00+01:00" and first["organizationName"] == "Regio"
    assert first["backgroundColor"] == "rgb(0, 90, 160)", "the house's own look"
    assert last["backgroundColor"] == "rgb(160, 48, 80)", "a house without a site here has that of who sold it"


def test_the_words_are_those_of_the_order(region: Mailing) -> None:
    region.order(language="fr")
    [first, *_] = links(region, "/sites/regio/fr/")
    assert opened(region.visitor.get(first).content)[0]["eventTicket"]["secondaryFields"][0]["label"] == "Quand"


def test_what_went_back_is_crossed_out(region: Mailing) -> None:
    region.order()
    before = links(region)
    region.world.saga.give_back("co1", ["brug"])
    page = region.visitor.get(f"/sites/regio/order/{region.token()}", headers=HTML).text
    assert page.count("Zet in Apple Wallet") == 2 and page.count("Doorstrepen in Apple Wallet") == 1
    assert LINK.findall(page) == before, "the same card, so that it takes the place of the one in the phone"
    voided = [opened(region.visitor.get(link).content)[0]["voided"] for link in before]
    assert voided == [False, False, True]


def test_without_the_link_there_is_nothing(region: Mailing) -> None:
    region.order()
    region.order("co2")
    [first, *_] = links(region)
    serial = first.rpartition("/")[2]
    tokens = ("co1", Links(["another secret"]).sign("order", "co1"), region.token()[:-1], region.token("co2"))
    for way in (*(f"/order/{token}/{serial}" for token in tokens), f"/order/{region.token()}/0000.pkpass"):
        answer = region.visitor.get(way)
        assert answer.status_code == 404 and answer.json()["code"] == "order_unknown"


def test_nobody_sees_it_where_nobody_signs(tmp_path: Path, authority: Authority) -> None:
    """Neither the house nor the site, or the certificate has lapsed since the app was started."""
    papers = _apple_papers.read(authority.papers("short.pem", authority.issue(days=340)), "", NOW)
    own = mailing(tmp_path / "a", linde=AppleWallet(papers))
    own.order()
    assert len(links(own)) == 2, "the house signs its own tickets, the other has nobody"
    [first, *_] = links(own)
    own.world.now = papers.until - timedelta(minutes=1)
    assert len(links(own)) == 2
    own.world.now = papers.until
    assert links(own) == [] and own.visitor.get(first).status_code == 404
    none = mailing(tmp_path / "b")
    none.order()
    page = none.visitor.get(f"/sites/regio/order/{none.token()}", headers=HTML).text
    assert "tickets.pdf" in page and "Wallet" not in page and none.visitor.get(first).status_code == 404


def test_the_doctor_knows_whether_it_can_be_signed(tmp_path: Path, authority: Authority) -> None:
    shop = Shop(tmp_path)
    settings = '[wallet]\ncertificate_env = "{}"\n'
    for name, variable in (("linde", "LINDE_WALLET"), ("brug", "BRUG_WALLET"), ("veer", "VEER_WALLET")):
        shop.house(name, f'name = "{name}"\n' + settings.format(variable))
    lapsed = authority.papers("lapsed.pem", authority.issue(days=200))
    told = shop.run("doctor", status=None, env={"LINDE_WALLET": str(authority.papers()), "BRUG_WALLET": str(lapsed)})
    trouble = [one for one in told["trouble"] if one.startswith("wallet")]
    assert len(trouble) == 2 and not any("linde" in one for one in trouble)
    assert any("wallet brug" in one and "ask Apple for a new one" in one for one in trouble)
    assert any("wallet veer" in one and "no VEER_WALLET" in one for one in trouble)
