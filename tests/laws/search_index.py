"""The laws of the SearchIndex port; a binding gives `make`, which opens the same index each time it is called."""

import pytest


class SearchIndexLaws:
    """Inherit, and give a fixture `open_index`: a function that opens one and the same index."""

    def test_1_an_index_that_was_never_filled_finds_nothing(self, open_index) -> None:
        index = open_index()
        assert index.stamp() == "" and index.find({"jazz": 100}) == {} and list(index.starting("")) == []

    def test_2_what_was_put_in_last_is_all_there_is(self, open_index) -> None:
        index = open_index()
        index.replace([{"jazz": 9, "trio": 3}, {"dans": 7}], "een")
        assert index.find({"jazz": 1}) == {0: 9} and index.stamp() == "een"
        index.replace([{"dans": 5}], "twee")
        assert index.find({"jazz": 1}) == {} and index.find({"dans": 2}) == {0: 10} and index.stamp() == "twee"
        index.replace([], "niets")
        assert index.find({"dans": 1}) == {} and index.stamp() == "niets"

    def test_3_who_opens_it_later_finds_the_same_and_who_had_it_open_the_new(self, open_index) -> None:
        one, other = open_index(), open_index()
        one.replace([{"jazz": 9}], "een")
        assert other.find({"jazz": 1}) == {0: 9} and open_index().stamp() == "een"
        one.replace([{}, {"jazz": 8}], "twee")
        assert other.find({"jazz": 1}) == {1: 8}

    def test_3_the_same_documents_once_more_change_nothing(self, open_index) -> None:
        index = open_index()
        for _ in range(3):
            index.replace([{"jazz": 9}], "een")
            assert index.find({"jazz": 1}) == {0: 9}

    def test_4_a_replacement_that_fails_leaves_what_was_there(self, open_index) -> None:
        index = open_index()
        index.replace([{"jazz": 9}], "een")

        def broken():
            yield {"dans": 1}
            raise OSError("the disk is full")

        with pytest.raises(OSError, match="full"):
            index.replace(broken(), "twee")
        assert index.stamp() == "een" and index.find({"jazz": 1}) == {0: 9} and index.find({"dans": 1}) == {}
        assert open_index().find({"jazz": 1}) == {0: 9}

    def test_5_a_document_gets_the_best_of_its_terms(self, open_index) -> None:
        index = open_index()
        index.replace([{"jazz": 200, "concert": 90}, {"concert": 255}, {"dans": 1}], "een")
        assert index.find({"jazz": 60, "concert": 100, "niets": 100}) == {0: 12000, 1: 25500}

    def test_5_many_documents_keep_their_numbers(self, open_index) -> None:
        index = open_index()
        index.replace([{"alle": 1 + n % 255, f"w{n % 97}": 255} for n in range(3000)], "veel")
        assert index.find({"alle": 1}) == {n: 1 + n % 255 for n in range(3000)}
        assert list(index.find({"w96": 1})) == list(range(96, 3000, 97))

    def test_6_terms_are_told_in_order_with_their_documents(self, open_index) -> None:
        index = open_index()
        index.replace([{"jazz": 1, "jas": 1}, {"jazz": 1, "écart": 1, "жук": 2}], "een")
        assert list(index.starting("ja")) == [("jas", 1), ("jazz", 2)]
        assert list(index.starting("jazzy")) == []
        assert [term for term, _ in index.starting("")] == ["jas", "jazz", "écart", "жук"]
        assert index.find({"жук": 1}) == {1: 2}
