"""What the build puts in pieces, the browser finds: every word, at the edges of pieces too, and none that is not there."""

import json
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from etalage.search.finder import Shelf
from etalage.search.weighing import Postings, Weighed
from plugins.search import encoding
from plugins.search.drawer import TOGETHER, Drawer
from plugins.search.encoding import term_pieces
from plugins.search.indexes import words_of
from tests.search.conftest import SCRIPTS
from tests.shop import ROOT, Shop


@pytest.fixture(scope="module")
def shelf(golden_region: Shop) -> Shelf:
    path = golden_region.folder / "var" / "search" / "langsdeelve" / "nl.bin"
    return msgspec.msgpack.decode(path.read_bytes(), type=Shelf)


def look_up(node: str, folder: Path, **wanted: list[str]) -> dict[str, dict[str, Any]]:
    line = [node, "--no-warnings", str(ROOT / "tests" / "search" / "look_up.mjs"), str(SCRIPTS), str(folder)]
    done = subprocess.run(line, input=json.dumps(wanted), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found


def test_a_browser_finds_every_word_in_however_many_pieces_and_no_other(
    shelf: Shelf, node: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoding, "LARGEST", 400)
    drawer = Drawer(tmp_path, lambda path, content: path.write_bytes(content) and None)
    manifest = {"together": TOGETHER, **words_of(Weighed(shelf.terms, shelf.vocabulary), drawer)}
    (tmp_path / "index.json").write_bytes(msgspec.json.encode(manifest))
    begin = manifest["terms"].begin
    assert len(begin) > 5 * TOGETHER, "too few pieces to prove anything"

    known = {term: [len(postings.documents), postings.part] for term, postings in shelf.terms.items()}
    absent = {word: [0, False] for term in known for word in (f"{term}q", term[:-1]) if word and word not in known}
    singles = [term for term in known if " " not in term]
    starts = {*begin, *(term[:length] for term in singles for length in (1, 3)), "qqq"} - {""}
    found = look_up(node, tmp_path, terms=[*known, *absent], beginnings=[*starts], words=[*shelf.vocabulary])
    assert found["terms"] == known | absent
    assert found["words"] == {word: [count, count] for word, count in shelf.vocabulary.items()}
    assert {start: sorted(terms) for start, terms in found["beginnings"].items()} == {
        start: sorted(term for term in singles if term.startswith(start)) for start in starts
    }


def test_a_piece_begins_with_no_more_than_tells_it_from_the_one_before() -> None:
    long = Postings(range(5000), bytes(5000), part=False)
    terms = {"kilo": long, "kinderopera": long, "kinderoperas": long, "kinderwens": long, "é": long}
    assert [begin for begin, _ in term_pieces(terms)] == ["k", "kin", "kinderoperas", "kinderw", "é"]


def test_neighbours_share_a_name_that_is_theirs_alone(tmp_path: Path) -> None:
    written: dict[str, bytes] = {}
    drawer = Drawer(tmp_path, lambda path, content: written.update({path.name: content}))
    names = drawer.keep_all([b"%d" % n for n in range(TOGETHER + 2)])
    assert [*written] == [f"{names[0]}-{n}.bin" for n in range(TOGETHER)] + [f"{names[1]}-0.bin", f"{names[1]}-1.bin"]
    assert drawer.keep_all([b"8", b"9"]) == names[1:], "what did not change keeps its name"
    assert len({*names, *drawer.keep_all([b"89"]), *drawer.keep_all([b"", b"89"]), *drawer.keep_all([b"89", b""])}) == 5


def test_what_no_index_needs_any_more_goes(tmp_path: Path) -> None:
    def write(path: Path, content: bytes) -> None:
        path.write_bytes(content)

    former = Drawer(tmp_path, write)
    former.keep_all([b"one", b"two"])
    dates = former.keep(b"dates")
    drawer = Drawer(tmp_path, write)
    [name] = drawer.keep_all([b"one", b"three"])
    drawer.keep(b"dates")
    drawer.clear()
    assert {path.name for path in tmp_path.iterdir()} == {dates, f"{name}-0.bin", f"{name}-1.bin"}
