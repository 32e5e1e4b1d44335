"""[payments] in house.toml and cluster.toml: whose account takes the money on which site, and what is refused."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from commands.office import Desk
from commands.voice import Voice
from etalage import wiring
from etalage.config import Settings, Workspace, load
from etalage.model.errors import EtalageError, Refused, Unavailable
from etalage.season import Season
from tests.adapters.mollie_lab import MollieLab
from tests.adapters.stripe_lab import Line, StripeLab, line

GOOD = {"provider": "stripe", "key_env": "STRIPE_KEY", "webhook_env": "STRIPE_HOOK"}
LIVE = GOOD | {"mode": "live"}


@pytest.fixture(scope="module")
def wire() -> Iterator[Line]:
    with line() as made:
        yield made


def settings(folder: Path, **tables: dict[str, Any]) -> Settings:
    """Four houses; De Linde and De Brug are the cluster Regio, and De Gids sells nothing here. Each may have a table of payments."""
    for name in ("linde", "brug", "kassa", "gids", "regio"):
        kind = "clusters" if name == "regio" else "houses"
        sells = '[ticketing]\nsystem = "local"\n' if name in ("linde", "brug", "kassa") else ""
        own = "".join(f"{key} = {inline(value)}\n" for key, value in tables.get(name, {}).items())
        text = f'name = "{name}"\n' + ('members = ["linde", "brug"]\n' if name == "regio" else "")
        path = folder / "content" / kind / name / f"{kind[:-1]}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + sells + (f"[payments]\n{own}" if own else ""), "utf-8")
    return load(Workspace.at(folder))


def inline(value: str | dict[str, str]) -> str:
    """A value as TOML has it."""
    return (
        f'"{value}"'
        if isinstance(value, str)
        else "{" + ", ".join(f'{key} = "{one}"' for key, one in value.items()) + "}"
    )


def names(made: Settings) -> dict[str, str]:
    return {site: one.name if one else "sandbox" for site, one in made.accounts.items()}


def test_without_a_table_the_sandbox_stands_in(tmp_path: Path) -> None:
    assert set(names(settings(tmp_path)).values()) == {"sandbox"}


def test_a_house_pays_into_its_own_account_else_its_clusters(tmp_path: Path) -> None:
    assert names(settings(tmp_path, regio=GOOD, brug=GOOD)) == {
        "": "stripe-regio", "regio": "stripe-regio", "linde": "stripe-regio", "brug": "stripe-brug", "kassa": "sandbox",
        "gids": "sandbox",
    }  # fmt: skip


def test_real_money_and_play_money_do_not_go_over_one_counter(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="takes real money and kassa does not"):
        settings(tmp_path, regio=LIVE)
    with pytest.raises(Refused, match="takes real money and kassa does not"):
        settings(tmp_path, regio=LIVE, kassa=GOOD)
    live = names(settings(tmp_path, regio=LIVE, kassa=LIVE))
    assert live["kassa"] == "stripe-kassa" and live["gids"] == "sandbox", "who sells nothing needs no account"


def test_in_turn_each_house_is_paid_by_itself(tmp_path: Path) -> None:
    made = settings(tmp_path, regio={"way": "in_turn"}, linde=GOOD)
    assert made.in_turn == {"regio", "linde", "brug", ""}, (
        "also where its houses show each other, and where no site is named"
    )
    told = names(made)
    assert (told["linde"], told["brug"]) == ("stripe-linde", "sandbox"), "in test mode the sandbox stands in"
    assert settings(tmp_path, regio=GOOD).in_turn == set()


def test_in_turn_with_real_money_every_house_that_sells_has_an_account(tmp_path: Path) -> None:
    with pytest.raises(Refused) as told:
        settings(tmp_path, regio={"way": "in_turn"}, linde=LIVE, kassa=LIVE)
    assert "brug has no account" in told.value.say and 'mode = "live" in its house.toml' in told.value.say
    with pytest.raises(Refused, match="takes real money and brug does not"):
        settings(tmp_path, regio={"way": "in_turn"}, linde=LIVE, kassa=LIVE, brug=GOOD)
    assert (
        names(settings(tmp_path, regio={"way": "in_turn"}, linde=LIVE, brug=LIVE, kassa=LIVE))["brug"] == "stripe-brug"
    )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"provider": "cash"}, "payments.provider = 'cash'"), ({"mode": "real"}, "payments.mode = 'real'"),
        ({"webhook_env": ""}, "payments.webhook_env is missing"), ({"page": "http://pay.example"}, "payments.page"),
        ({"key_env": "sk_live_abc"}, "a secret stands in this file"), ({"webhook_env": "whsec_abc"}, "a secret stands in this file"),
        ({"colour": "red"}, "colour"), ({"provider": "mollie"}, "leave them out for Mollie"),
        ({"provider": "mollie", "webhook_env": "", "key_env": "live_abc"}, "a secret stands in this file"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_and_where(tmp_path: Path, wrong: dict[str, str], words: str) -> None:
    with pytest.raises(Refused) as no:
        settings(tmp_path, linde=GOOD | wrong)
    assert words in no.value.say and no.value.where.endswith("house.toml")
    assert "abc" not in str(no.value)


def test_a_missing_or_a_foreign_key_closes_the_counter_and_gives_nothing_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("STRIPE_HOOK", "whsec_x")
    monkeypatch.setattr(wiring, "find_spec", lambda name: name)
    for key, words in (
        ("", "the environment has no STRIPE_KEY"),
        ("sk_live_secret", "a mix of play money and real money"),
    ):
        monkeypatch.setenv("STRIPE_KEY", key)
        with caplog.at_level(logging.WARNING):
            till = wiring.till(settings(tmp_path, regio=GOOD), "http://x/sandbox/")
        closed = till.providers[till.pays["linde"]]
        with pytest.raises(Unavailable):
            closed.status("x")
        assert words in caplog.text and "secret" not in caplog.text.replace("secret_", "")
        till.records.close()
        caplog.clear()


def test_without_its_sdk_nobody_can_pay_and_staff_read_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "find_spec", lambda _: None)
    account = settings(tmp_path, regio=GOOD).accounts["regio"]
    assert account
    with pytest.raises(Refused, match=r"payments\.lock"):
        wiring.examine_payments(account)


def test_doctor_asks_stripe_whether_it_knows_the_key(
    wire: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip(
        "stripe", reason="the SDK of Stripe is not installed: pip install -r requirements/payments.lock"
    )
    lab = StripeLab(wire)
    monkeypatch.setattr("etalage.adapters._stripe_line.HOME", wire.base)
    monkeypatch.setenv("STRIPE_HOOK", "whsec_x")
    account = settings(tmp_path, regio=GOOD).accounts["regio"]
    assert account
    monkeypatch.setenv("STRIPE_KEY", lab.stripe.key)
    wiring.examine_payments(account)
    for wrong in ("sk_test_of_nobody", "", "sk_live_real"):
        monkeypatch.setenv("STRIPE_KEY", wrong)
        with pytest.raises(EtalageError):
            wiring.examine_payments(account)


def test_doctor_asks_mollie_for_its_ways_to_pay_and_misses_bancontact(
    wire: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip(
        "mollie", reason="the SDK of Mollie is not installed: pip install -r requirements/payments.lock"
    )
    lab = MollieLab(wire)
    monkeypatch.setattr("etalage.adapters._mollie_line.HOME", wire.base)
    made = settings(tmp_path, regio={"provider": "mollie", "key_env": "MOLLIE_KEY"})
    monkeypatch.setenv("MOLLIE_KEY", lab.mollie.key)
    asked = ask_doctor(made)
    assert asked.trouble == [] and "mollie-regio (test): bancontact, creditcard, kbc" in capsys.readouterr().out
    lab.mollie.methods.remove("bancontact")
    (trouble,) = ask_doctor(made).trouble
    assert "Bancontact is switched off" in trouble
    for wrong in ("test_of_nobody", "", "live_real"):
        monkeypatch.setenv("MOLLIE_KEY", wrong)
        (trouble,) = ask_doctor(made).trouble
        assert trouble.startswith("mollie-regio: ") and "of_nobody" not in trouble


def test_a_cluster_that_splits_passes_on_to_the_accounts_of_its_houses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "find_spec", lambda name: name)
    for name, word in (("STRIPE_KEY", "sk_test_x"), ("STRIPE_HOOK", "whsec_x"), ("MOLLIE_KEY", "test_x")):
        monkeypatch.setenv(name, word)
    for table, account in (
        (GOOD, "acct_linde"),
        ({"provider": "mollie", "key_env": "MOLLIE_KEY"}, "org_linde"),
    ):
        made = settings(tmp_path, regio=table | {"way": "split", "houses": {"linde": account}})
        till = wiring.till(made, "http://x/sandbox/")
        provider = till.providers[till.pays["regio"]]
        assert provider.passes_on("linde") and not provider.passes_on("brug")
        assert not till.sandbox.passes_on("linde")
        till.records.close()


def test_doctor_asks_stripe_whether_each_house_can_receive(
    wire: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip(
        "stripe", reason="the SDK of Stripe is not installed: pip install -r requirements/payments.lock"
    )
    lab = StripeLab(wire)
    lab.connect("linde", "brug")
    monkeypatch.setattr("etalage.adapters._stripe_line.HOME", wire.base)
    monkeypatch.setenv("STRIPE_HOOK", "whsec_x")
    monkeypatch.setenv("STRIPE_KEY", lab.stripe.key)
    made = settings(tmp_path, regio=GOOD | {"way": "split", "houses": lab.destinations})
    assert ask_doctor(made).trouble == [] and "stay with" not in capsys.readouterr().out
    less = settings(tmp_path, regio=GOOD | {"way": "split", "houses": {"linde": "acct_linde"}})
    assert ask_doctor(less).trouble == [] and "the shares of brug stay with regio" in capsys.readouterr().out
    lab.shut("brug")
    (trouble,) = ask_doctor(made).trouble
    assert trouble.startswith("stripe-regio: brug: acct_brug can receive nothing yet")
    lab.wire.moods = ["", "", "busy"]
    (trouble,) = ask_doctor(made).trouble
    assert trouble == "stripe-regio: Stripe asks us to wait"


def test_doctor_says_that_mollie_cannot_be_asked_about_houses(
    wire: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip(
        "mollie", reason="the SDK of Mollie is not installed: pip install -r requirements/payments.lock"
    )
    lab = MollieLab(wire)
    monkeypatch.setattr("etalage.adapters._mollie_line.HOME", wire.base)
    monkeypatch.setenv("MOLLIE_KEY", lab.mollie.key)
    table = {"provider": "mollie", "key_env": "MOLLIE_KEY", "way": "split"}
    accounts = {"linde": "org_linde", "brug": "acct_brug"}
    (trouble,) = ask_doctor(settings(tmp_path, regio=table | {"houses": accounts})).trouble
    assert trouble.startswith("mollie-regio: brug: acct_brug is no organization")
    assert "Mollie does not say whether linde can receive" in capsys.readouterr().out


def test_doctor_tells_where_a_provider_cannot_call(wire: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip(
        "mollie", reason="the SDK of Mollie is not installed: pip install -r requirements/payments.lock"
    )
    monkeypatch.setattr(wiring, "examine_payments", lambda account: ("bancontact",))
    table = {"provider": "mollie", "key_env": "MOLLIE_KEY"}
    assert ask_doctor(settings(tmp_path, regio=table, kassa=table)).trouble == [], (
        "in test mode nobody has to be called"
    )
    made = settings(tmp_path, regio=table | {"mode": "live"}, kassa=table | {"mode": "live"})
    assert len([one for one in ask_doctor(made).trouble if "calls no site at" in one]) == 4
    for name in ("linde", "brug", "kassa", "regio"):
        path = next((tmp_path / "content").glob(f"*/{name}/*.toml"))
        url = "https://linde.example" if name == "linde" else f"http://{name}.example"
        path.write_text(f'url = "{url}"\n' + path.read_text("utf-8"), "utf-8")
    told = " ".join(ask_doctor(load(Workspace.at(tmp_path))).trouble)
    assert "linde.example" not in told and "http://kassa.example" in told


def ask_doctor(made: Settings) -> Desk:
    """What the doctor finds out about money."""
    desk = Desk(made, cast(Season, SimpleNamespace(now=datetime(2026, 11, 22, tzinfo=UTC))), (), Voice(json=False))
    desk._money()
    return desk
