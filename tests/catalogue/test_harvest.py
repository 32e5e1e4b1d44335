"""What a source said is kept; a source that fails is not an empty programme."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from etalage.adapters.folder_files import FolderFiles
from etalage.catalogue.harvest import harvest, recall
from etalage.model.errors import EtalageError, Unavailable
from etalage.model.programme import Production, Status
from etalage.model.record import Changes, Problem
from tests.make import NOON, performance, production, record


@dataclass
class Till:
    """A source under the tests' control."""

    productions: list[Production]
    id: str = "pretix:linde"
    error: EtalageError | None = None
    complete: bool = True
    gone: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    asked: list[str | None] = field(default_factory=list)

    def changes_since(self, cursor: str | None) -> Changes:
        self.asked.append(cursor)
        if self.error:
            raise self.error
        return Changes(
            records=tuple(map(record, self.productions)), cursor=f"c{len(self.asked)}", complete=self.complete or cursor is None,
            gone=self.gone, problems=self.problems,
        )  # fmt: skip


@pytest.fixture
def files(tmp_path: Path) -> FolderFiles:
    return FolderFiles(tmp_path)


def many(count: int) -> list[Production]:
    return [production(f"pretix:linde/{n}", f"Avond {n}") for n in range(count)]


def test_the_cursor_of_the_last_good_read_is_used_next_time(files: FolderFiles) -> None:
    till = Till(many(2))
    harvest(till, files, NOON)
    harvest(till, files, NOON)
    assert till.asked == [None, "c1"]


def test_other_settings_mean_reading_everything_again(files: FolderFiles) -> None:
    till = Till(many(2))
    harvest(till, files, NOON, fingerprint="a")
    harvest(till, files, NOON, fingerprint="b")
    assert till.asked == [None, None]


def test_only_what_differs_counts_as_changed(files: FolderFiles) -> None:
    till = Till(many(3))
    assert len(harvest(till, files, NOON).changed) == 3
    assert harvest(till, files, NOON).changed == ()
    till.productions[1] = production("pretix:linde/1", "Nieuwe titel")
    assert harvest(till, files, NOON).changed == ("pretix:linde/1",)


def test_a_partial_answer_is_laid_over_what_we_had(files: FolderFiles) -> None:
    till = Till(many(3), complete=False)
    harvest(till, files, NOON)
    till.productions, till.gone = [production("pretix:linde/1", "Nieuw")], ("pretix:linde/2",)
    found = harvest(till, files, NOON)
    assert [k.record.production.title["nl"] for k in found.kept.values()] == ["Avond 0", "Nieuw", "Avond 2"]
    assert found.kept["pretix:linde/2"].gone


@pytest.mark.parametrize("error", [Unavailable("source_silent", "no answer"), Unavailable("source_html", "a web page")])
def test_a_source_that_fails_leaves_the_last_good_programme(files: FolderFiles, error: Unavailable) -> None:
    till = Till(many(3))
    harvest(till, files, NOON)
    till.error = error
    found = harvest(till, files, NOON + timedelta(days=2))
    assert len(found.kept) == 3
    assert found.fetched == NOON
    assert found.failure == error.say
    assert found.problems[-1].code == error.code


def test_a_source_that_never_answered_has_nothing_and_says_why(files: FolderFiles) -> None:
    found = harvest(Till([], error=Unavailable("source_silent", "no answer")), files, NOON)
    assert found.kept == {} and found.failure == "no answer"


def test_a_suddenly_empty_source_is_not_believed(files: FolderFiles) -> None:
    till = Till(many(3))
    harvest(till, files, NOON)
    till.productions = []
    found = harvest(till, files, NOON)
    assert len(found.kept) == 3 and not any(k.gone for k in found.kept.values())
    assert found.problems[-1].code == "source_empty"
    assert not recall(till.id, files).failure


def test_a_source_that_lost_most_of_itself_is_not_believed_until_staff_accept(files: FolderFiles) -> None:
    till = Till(many(30))
    harvest(till, files, NOON)
    till.productions = many(10)
    assert harvest(till, files, NOON).problems[-1].code == "source_shrunk"
    found = harvest(till, files, NOON, accept=True)
    assert not found.failure
    assert sum(k.gone for k in found.kept.values()) == 20


def test_one_production_gone_is_believed_and_kept_as_gone(files: FolderFiles) -> None:
    till = Till(many(3))
    harvest(till, files, NOON)
    till.productions = many(2)
    found = harvest(till, files, NOON)
    assert found.kept["pretix:linde/2"].gone and found.changed == ("pretix:linde/2",)
    assert harvest(till, files, NOON).changed == ()
    till.productions = many(3)
    assert not harvest(till, files, NOON).kept["pretix:linde/2"].gone


def test_a_coming_date_that_vanished_stays_and_says_so(files: FolderFiles) -> None:
    till = Till([production("pretix:linde/a", "Winterreis", "2026-12-05 20:00", "2026-12-06 20:00")])
    harvest(till, files, NOON)
    till.productions = [production("pretix:linde/a", "Winterreis", "2026-12-05 20:00")]
    for _ in range(2):
        found = harvest(till, files, NOON)
        assert [p.status for p in found.kept["pretix:linde/a"].record.production.performances] == [
            Status.SCHEDULED,
            Status.REMOVED,
        ]
    assert found.changed == ()


def test_a_past_date_that_vanished_is_simply_gone(files: FolderFiles) -> None:
    old = performance("pretix:linde/a/9", "2026-10-01 20:00")
    till = Till([production("pretix:linde/a", "Winterreis", old, "2026-12-05 20:00")])
    harvest(till, files, NOON)
    till.productions = [production("pretix:linde/a", "Winterreis", performance("pretix:linde/a/2", "2026-12-05 20:00"))]
    assert len(harvest(till, files, NOON).kept["pretix:linde/a"].record.production.performances) == 1


def test_a_remembered_show_is_the_same_to_the_letter_clock_included(files: FolderFiles) -> None:
    one = production("pretix:linde/a", "Zomer", "2026-07-05 20:00", "2026-12-05 20:00", facts={"year": {"nl": "1999"}})
    first = harvest(Till([one]), files, NOON).kept["pretix:linde/a"].record.production
    remembered = recall("pretix:linde", files).kept["pretix:linde/a"].record.production
    assert remembered == first == one
    assert [p.start.isoformat() for p in remembered.performances] == [
        "2026-07-05T20:00:00+02:00",
        "2026-12-05T20:00:00+01:00",
    ]


def test_a_problem_stands_until_its_record_is_read_again(files: FolderFiles) -> None:
    broken = Problem(
        source="pretix:linde", record="pretix:linde/9", field="date", code="date_missing", reason="no date"
    )
    till = Till(many(2), complete=False, problems=(broken,))
    harvest(till, files, NOON)
    till.problems, till.productions = (), [production("pretix:linde/0", "Anders")]
    assert harvest(till, files, NOON).problems == (broken,)
    till.productions = [production("pretix:linde/9", "Hersteld")]
    assert harvest(till, files, NOON).problems == ()


def test_nothing_is_written_when_nothing_changed(tmp_path: Path) -> None:
    class Counting(FolderFiles):
        writes = 0

        def write(self, name: str, content: bytes) -> None:
            self.writes += 1
            super().write(name, content)

    class Still(Till):
        def changes_since(self, cursor: str | None) -> Changes:
            return Changes(records=(), cursor=cursor, complete=False) if cursor else super().changes_since(None)

    files, till = Counting(tmp_path), Still(many(2))
    for hour in range(3):
        assert len(harvest(till, files, NOON + timedelta(hours=hour)).kept) == 2
    assert files.writes == 1


def test_a_memory_that_cannot_be_read_means_reading_everything(files: FolderFiles) -> None:
    till = Till(many(2))
    harvest(till, files, NOON)
    files.write(next(files.list()), b"\xc1 not ours")
    assert len(harvest(till, files, NOON).kept) == 2
    assert till.asked == [None, None]
