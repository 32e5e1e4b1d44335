"""The Nu checker runs, or the run fails; it is never left out in silence."""

import pytest

from tools import nu


def test_a_folder_without_pages_is_not_called_valid(tmp_path):
    with pytest.raises(ValueError, match="no HTML"):
        nu.validate(tmp_path)


def test_without_java_it_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(nu, "is_root", lambda: False)
    with pytest.raises(nu.NoNu, match=r"needs java.*apt-get install default-jre-headless.*ETALAGE_NO_NU=1"):
        nu.ensure()


@pytest.mark.slow
@pytest.mark.skipif(nu.is_switched_off(), reason="ETALAGE_NO_NU=1")
def test_what_is_wrong_is_told_with_its_page_and_line(tmp_path):
    sound = '<!doctype html>\n<html lang="nl"><title>x</title>\n<p>goed</p>\n'
    (tmp_path / "sub dir").mkdir()
    (tmp_path / "index.html").write_text(sound)
    (tmp_path / "sub dir" / "b.html").write_text(sound.replace("<p>", '<p><img src="a.jpg">'))
    (found,) = nu.validate(tmp_path)
    assert (found.file, found.line) == ("sub dir/b.html", 3)
    assert "alt" in found.message
    assert nu.validate(tmp_path, ["index.html"]) == []
