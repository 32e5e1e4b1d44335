"""The lock files are held against what the project asks for."""

import pytest

from tools import locks

PROJECT = """
[project]
dependencies = ["Jinja2>=3.1"]
[project.optional-dependencies]
cloud = ["Boto3>=1.43"]
[dependency-groups]
dev = ["pytest>=9.0"]
"""


@pytest.fixture
def project(tmp_path):
    def write(**files):
        sound = {
            "pyproject.toml": PROJECT,
            "requirements/run.lock": "jinja2==3.1.6 \\\n    --hash=sha256:0\n",
            "requirements/cloud.lock": "boto3==1.44.0\njinja2==3.1.6\n",
            "requirements/dev.lock": "boto3==1.44.0\njinja2==3.1.6\npytest==9.2.0 ; python_version < '4'\n",
            "package-lock.json": "{}",
        }
        for name, text in (sound | files).items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


def test_fresh_locks_pass(project):
    assert list(locks.check(project())) == []


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("requirements/run.lock", "", "run.lock has nothing for Jinja2>=3.1"),
        ("requirements/cloud.lock", "jinja2==3.1.6\n", "cloud.lock has nothing for Boto3>=1.43"),
        ("requirements/dev.lock", "jinja2==3.1.6\npytest==9.2.0\n", "dev.lock has nothing for Boto3>=1.43"),
        ("requirements/dev.lock", "boto3==1.44.0\njinja2==3.1.6\n", "dev.lock has nothing for pytest>=9.0"),
        ("requirements/dev.lock", "boto3==1.44.0\njinja2==2.9\npytest==9.2.0\n", "dev.lock has 2.9 for Jinja2>=3.1"),
        (
            "package-lock.json",
            '{"resolved": "https://somewhere.example/"}',
            "package-lock.json holds an address",
        ),
    ],
)
def test_a_stale_or_talkative_lock_is_found(project, file, text, words):
    (problem,) = locks.check(project(**{file: text}))
    assert words in problem
