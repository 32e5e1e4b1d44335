"""The demo's stand-in for UiTPAS: a pass of every sort, on the dates that the demo's houses sell, beside a command that finds it."""

import subprocess
import sys
from datetime import UTC, date, datetime

import pytest

from demo.uitpas import passes
from demo.uitpas.__main__ import make
from demo.uitpas.simulator import Fault, Uitpas
from etalage.adapters._luhn import is_checked
from tests.shop import ROOT

DAY = date(2026, 11, 22)


def test_every_number_is_one_that_could_be_and_stands_once() -> None:
    region = passes.region(DAY)
    numbers = [one.number for one in region.passes]
    assert len(numbers) == len(set(numbers)) and set(passes.NOTES) <= {*numbers, passes.CARD}
    assert all(is_checked(number) for number in passes.NOTES) and passes.CARD not in numbers


def test_begun_again_it_gives_no_number_that_a_shop_knows_already() -> None:
    known = set()
    for minute in range(3):
        moment = datetime(2026, 11, 22, 12, minute, tzinfo=UTC)
        uitpas = make(lambda moment=moment: moment)
        event = next(one.id for one in uitpas.region.events if one.organizer == "org-foelie")
        client = next(one for one in uitpas.region.clients if one.id == "foelie")
        row = {"eventId": event, "uitpasNumber": passes.SOCIAL, "regularPrice": 9.0, "tariff": {"id": "SOCIALTARIFF"}}
        known.add(uitpas.register(client, [row])[0].id)
    assert len(known) == 3


def test_each_sort_is_told_something_else() -> None:
    uitpas = Uitpas(passes.region(DAY), lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))
    client, event = (
        uitpas.region.clients[0],
        next(one for one in uitpas.region.events if one.organizer.endswith(uitpas.region.clients[0].id)),
    )
    told = set()
    for number in passes.NOTES.keys() - {passes.CARD}:
        try:
            found, message = uitpas.tariffs(client, event.id, number, 2000)
        except Fault as fault:
            told.add(fault.kind)
        else:
            told.add(str([(one.type, one.remaining) for one in found]) + str(sorted(message.items())))
    assert len(told) >= 7


@pytest.mark.parametrize("status", [0, 3])
def test_a_command_finds_its_address_and_its_status_is_kept(status: int) -> None:
    child = (
        "import os, urllib.request, urllib.error, sys\n"
        "try: urllib.request.urlopen(os.environ['UITPAS_DEMO_URL'] + '/permissions')\n"
        "except urllib.error.HTTPError as no: print('asked', no.code, os.environ['UITPAS_MEERSTOEL_CLIENT'])\n"
        f"sys.exit({status})"
    )
    ran = subprocess.run(
        [sys.executable, "-m", "demo.uitpas", sys.executable, "-c", child], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ran.returncode == status and "asked 401 meerstoel" in ran.stdout
    assert passes.SOCIAL in ran.stdout and "kansentarief" in ran.stdout, "who tries it reads the numbers"
