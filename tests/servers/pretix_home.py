"""Where our pretix lives, how it is installed, and how its programs are called. tests/servers/pretix.py starts it."""

import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.servers import environments
from tests.servers.processes import call

INSIDE = Path(__file__).resolve().parent / "inside_pretix"
REQUIREMENTS = INSIDE / "requirements.txt"


def home() -> Path:
    """The folder that everything is in."""
    return environments.home("pretix")


def venv() -> Path:
    """pretix' own environment."""
    return home() / f"venv-{environments.key(REQUIREMENTS)}"


def install() -> None:
    """Make the environment: up to two minutes."""
    environments.install("pretix", venv(), REQUIREMENTS)


def django(run: Path, base_url: str, *arguments: object) -> str:
    """Run pretix' Python on that folder's data; what it prints."""
    return call(venv() / "bin/python", *arguments, env=environment(run, base_url), cwd=run)


def environment(run: Path, base_url: str) -> dict[str, str]:
    """pretix reads every option of its configuration file from PRETIX_<SECTION>_<OPTION> too."""
    options = {
        "PRETIX_CONFIG_FILE": os.devnull,
        "PRETIX_PRETIX_URL": base_url or "http://127.0.0.1",
        "PRETIX_PRETIX_DATADIR": str(run / "data"),
        "PRETIX_PRETIX_REGISTRATION": "off",
        "PRETIX_PRETIX_ECB_RATES": "off",
        "PRETIX_PRETIX_ALLOW_HTTP_TO_PRIVATE_NETWORKS": "on",
        "PRETIX_LOCALE_DEFAULT": "nl",
        "PRETIX_LOCALE_TIMEZONE": "Europe/Brussels",
        "PRETIX_MAIL_FROM": "kassa@huizen.invalid",
        "ETALAGE_PRETIX_MAILS": str(run / "mails"),
        "DJANGO_SETTINGS_MODULE": "etalage_settings",
        "PYTHONPATH": str(INSIDE),
    }
    return os.environ | options | _postgres((run / "postgres").read_text())


def _postgres(address: str) -> dict[str, str]:
    if not address:
        return {}
    parts = urlsplit(address)
    host = parts.hostname or parse_qs(parts.query).get("host", [""])[0]
    told = {"backend": "postgresql", "name": parts.path.strip("/"), "host": host, "port": parts.port or ""}
    told |= {"user": parts.username or "", "password": parts.password or ""}
    return {f"PRETIX_DATABASE_{name.upper()}": str(value) for name, value in told.items()}
