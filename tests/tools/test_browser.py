"""Finding a browser: the one asked for, and never a broken one."""

import pytest

from tools import browser


@pytest.fixture
def program(tmp_path):
    def write(name, code=0):
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\nexit {code}\n")
        path.chmod(0o755)
        return path

    return write


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch, tmp_path):
    monkeypatch.delenv("TEST_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))


def test_the_one_asked_for_comes_first(program, monkeypatch):
    asked, own = program("asked"), program("own")
    monkeypatch.setenv("TEST_CHROMIUM", str(asked))
    assert browser.find("chromium", own) == asked


def test_asking_for_one_that_does_not_start_is_an_error(program, monkeypatch):
    monkeypatch.setenv("TEST_CHROMIUM", str(program("asked", code=1)))
    with pytest.raises(browser.NoBrowser, match="does not start"):
        browser.find("chromium", program("own"))


def test_playwrights_own_comes_before_the_systems(program, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    own, system = program("own"), program("chromium")
    assert browser.find("chromium", own) == own
    assert browser.find("chromium", program("own", code=127)) == system


def test_without_any_the_run_fails_with_a_sentence(monkeypatch, tmp_path):
    tried = []
    monkeypatch.setattr(browser, "playwrights_own", lambda engine: tmp_path / engine)
    monkeypatch.setattr(browser, "install_by_playwright", tried.append)
    monkeypatch.setattr(browser, "install_by_apt", tried.append)
    with pytest.raises(browser.NoBrowser, match=r"install chromium .*or set TEST_CHROMIUM"):
        browser.ensure()
    assert tried == ["chromium", "chromium"]


def test_a_systems_browser_starts_hermetic(program, monkeypatch, tmp_path):
    monkeypatch.setenv("TEST_CHROMIUM", str(program("chromium")))
    monkeypatch.setattr(browser, "playwrights_own", lambda engine: tmp_path / f"own-{engine}")
    monkeypatch.setattr(browser, "is_root", lambda: False)
    assert browser.launch_args() == {
        "args": [browser.ONLY_THIS_MACHINE],
        "executable_path": str(tmp_path / "chromium"),
    }
