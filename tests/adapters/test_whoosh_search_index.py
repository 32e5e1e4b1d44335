"""Whoosh keeps the laws of a search index; so does the one in memory that other tests use."""

import pytest

from etalage.adapters.whoosh_search_index import WhooshSearchIndex
from tests.laws.search_index import SearchIndexLaws
from tests.simulators.search_index import MemorySearchIndex


class TestWhooshSearchIndex(SearchIndexLaws):
    @pytest.fixture
    def open_index(self, tmp_path):
        return lambda: WhooshSearchIndex(tmp_path / "index")

    def test_only_the_current_folder_stays(self, open_index, tmp_path):
        index = open_index()
        for stamp in ("een", "twee", "drie"):
            index.replace([{"jazz": 1}], stamp)
        assert len([path for path in (tmp_path / "index").iterdir() if path.is_dir()]) == 1


class TestMemorySearchIndex(SearchIndexLaws):
    @pytest.fixture
    def open_index(self):
        one = MemorySearchIndex()
        return lambda: one
