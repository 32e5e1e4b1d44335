"""Find a browser for the tests, or install one; never skip in silence.

What a newcomer would get wrong: a missing browser is an error, not a skipped test; and inside pytest the
running `playwright` must be passed on, because a second `sync_playwright()` breaks the next engine.

    python -m tools.browser [chromium|firefox]      ensures one and prints its path
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

ONLY_THIS_MACHINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost"


class NoBrowser(RuntimeError):
    """No browser was found and none could be installed; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Where one engine may be found, and how it starts without asking the internet anything."""

    variable: str
    programs: tuple[str, ...]
    packages: tuple[str, ...]
    hermetic: dict[str, Any]
    system: dict[str, Any] = field(default_factory=dict)


ENGINES = {
    "chromium": Engine(
        variable="TEST_CHROMIUM",
        programs=(
            "chromium",
            "google-chrome",
            "google-chrome-stable",
            "/Applications/Chromium.app/Contents/MacOS/Chromium",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        ),
        packages=("chromium", "fonts-dejavu-core"),
        # Playwright's own switches still let Chromium look up its update and account hosts; this stops it.
        hermetic={"args": [ONLY_THIS_MACHINE]},
    ),
    "firefox": Engine(
        variable="TEST_FIREFOX",
        programs=("firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"),
        packages=("firefox-esr", "fonts-dejavu-core"),
        hermetic={
            "firefox_user_prefs": {
                "network.dns.disabled": True,
                "network.captive-portal-service.enabled": False,
                "network.connectivity-service.enabled": False,
                "services.settings.server": "data:,#remote-settings-dummy/v1",
            },
        },
        # A stock Firefox lacks Playwright's own protocol; this channel speaks WebDriver BiDi instead.
        system={"channel": "moz-firefox"},
    ),
}


def launch_args(engine: str = "chromium", playwright: Playwright | None = None) -> dict[str, Any]:
    """Return what `browser_type.launch()` needs for a hermetic browser, installing one if there is none."""
    path, is_playwrights_own = ensure(engine, playwright)
    chosen = dict(ENGINES[engine].hermetic)
    if not is_playwrights_own:
        chosen |= {"executable_path": str(path), **ENGINES[engine].system}
    if engine == "chromium" and is_root():
        chosen["args"] = [*chosen["args"], "--no-sandbox"]
    return chosen


def ensure(engine: str = "chromium", playwright: Playwright | None = None) -> tuple[Path, bool]:
    """Return a browser that starts and whether it is Playwright's own; install one if need be."""
    own = Path(getattr(playwright, engine).executable_path) if playwright else playwrights_own(engine)
    if found := find(engine, own):
        return found, found == own
    for install in (install_by_playwright, install_by_apt):
        install(engine)
        if found := find(engine, own):
            return found, found == own
    message = (
        f"No {engine} was found and none could be installed: install {ENGINES[engine].packages[0]} "
        f"(Debian: sudo apt-get install {' '.join(ENGINES[engine].packages)}; elsewhere: "
        f"python -m playwright install {engine}), or set {ENGINES[engine].variable} to the path of one."
    )
    raise NoBrowser(message)


def find(engine: str, own: Path) -> Path | None:
    """Return the first browser that starts: the one asked for, Playwright's own, the system's."""
    known = ENGINES[engine]
    if asked := os.environ.get(known.variable):
        if not starts(Path(asked)):
            message = f"{known.variable} is {asked}, which does not start; correct it or unset it."
            raise NoBrowser(message)
        return Path(asked)
    system = (Path(path) for path in map(shutil.which, known.programs) if path)
    return next((path for path in (own, *system) if starts(path)), None)


def starts(path: Path) -> bool:
    """Say whether this browser starts: a file that lacks its libraries is no browser."""
    if not path.exists():
        return False
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def playwrights_own(engine: str) -> Path:
    """Return where Playwright keeps its own browser, which need not be there."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(getattr(playwright, engine).executable_path)


def install_by_playwright(engine: str) -> None:
    """Let Playwright download its own browser; it fails quickly where its hosts are out of reach."""
    say(f"No {engine} yet: asking Playwright for one …")
    run([sys.executable, "-m", "playwright", "install", engine])


def install_by_apt(engine: str) -> None:
    """Install the distribution's browser, which only root can do without a password."""
    if not (is_root() and shutil.which("apt-get")):
        return
    say(f"Installing {engine} with apt-get …")
    run(["apt-get", "update", "-qq"])
    run(["apt-get", "install", "-qq", "-y", "--no-install-recommends", *ENGINES[engine].packages])


def run(command: list[str]) -> None:
    """Run an installer; its failure is judged by whether a browser starts afterwards."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = (done.stderr or done.stdout).splitlines()
        reason = next((line for line in lines if "Error" in line or line.startswith("E:")), f"code {done.returncode}")
        say(f"  … which did not work here: {reason.strip()}")


def is_root() -> bool:
    """Say whether we are root, which a browser's sandbox refuses and apt-get demands."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def say(words: str) -> None:
    """Tell the developer what is happening, without disturbing the path on standard output."""
    print(words, file=sys.stderr)


if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) > 1 else "chromium"
    if wanted not in ENGINES:
        sys.exit(f"There is no engine called {wanted}: {', '.join(ENGINES)}")
    try:
        print(ensure(wanted)[0])
    except NoBrowser as missing:
        sys.exit(str(missing))
