"""Django settings of the pretix that tests start: the shipped ones, with letters in a folder and no lost updates."""

import os

from pretix.settings import *  # noqa: F403
from pretix.settings import DATABASES

EMAIL_BACKEND = EMAIL_CUSTOM_SMTP_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = os.environ["ETALAGE_PRETIX_MAILS"]

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # pretix guards its quotas with SELECT … FOR UPDATE, which SQLite does not know: two buyers could get the last place.
    # A writer that takes the lock before it reads gives that back; with WAL, readers need not wait for it.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 30,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;",
    }


class WithoutMigrations:
    """Says of every app that it has none: tables come from the models, in seconds instead of minutes."""

    def __contains__(self, _):
        return True

    def __getitem__(self, _):
        return None


MIGRATION_MODULES = WithoutMigrations()
