"""The lean environment draws what Jinja draws, byte for byte."""

from pathlib import Path
from typing import Any

import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from plugins.agenda.lean import LeanEnvironment
from plugins.agenda.speech import said

MACROS = "{% macro cell(x) %}<td title='{{ x }}'>{{ x }}</td>{% endmacro %}"
PAGE = """{% from "macros" import cell %}{% set heading = x ~ "!" %}<h1>{{ heading }}</h1>{{ cell(x) }}{{ x|upper }}
{% for y in [x, 1, 2.5, none, true] %}{{ loop.index }}{{ y }}{% else %}-{% endfor %}{{ x|e }}{{ html }}{{ html ~ x }}
{% filter lower %}{{ x }}<B>{% endfilter %}{% set block %}<i>{{ x }}</i>{% endset %}{{ block }}{{ _("a %(b)s", b=x) }}"""

BASE = "{% from 'macros' import cell %}<title>{% block title %}-{% endblock %}</title>{% block body %}<p>{{ x }}{% endblock %}{{ end() }}"
CHILD = """{% extends "base" %}{% set y = x ~ "?" %}
{% block title %}{{ self.name() }} {{ _("Agenda") }}{% endblock %}
{% block body %}{{ super() }}{% block name %}{{ y }}{{ thing.text }}{% endblock %}{% for i in range(3) %}{{ loop.index0 }}{{ cell(i) }}{% endfor %}
{% if thing.absent is defined %}never{% else %}{{ _("100 %% of %(what)s", what=x) }}{% endif %}{{ ngettext("one", "%(num)s", 2) }}
{% call(a) shelf() %}<i>{{ a }}</i>{% endcall %}{% with level = 3 %}{% include "part" %}{% endwith %}{% endblock %}
{% from "macros" import cell %}{% macro shelf() %}<b>{{ caller(x) }}</b>{% endmacro %}"""


PART = "{{ level }}{{ x }}{% for i in range(2) %}{{ thing.text }}{% endfor %}"


class Thing:
    text = "<thing>"


def drawn(kind: type[jinja2.Environment], name: str = "page", **values: Any) -> str:
    loader = jinja2.DictLoader({"macros": MACROS, "page": PAGE, "base": BASE, "child": CHILD, "part": PART})
    env = kind(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, extensions=["jinja2.ext.i18n"])
    env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    return env.get_template(name).render(values)


@settings(deadline=None)  # machines are shared
@given(st.text())
def test_any_text_is_escaped_as_jinja_does(text: str) -> None:
    for value in (text, said(text), Markup(text)):
        assert drawn(LeanEnvironment, x=value, html=Markup("<b>")) == drawn(
            jinja2.Environment, x=value, html=Markup("<b>")
        )


@settings(deadline=None)  # machines are shared
@given(st.text())
def test_a_page_that_extends_another_is_drawn_as_jinja_does(text: str) -> None:
    values = {"x": text, "thing": Thing(), "end": lambda: Markup("</html>"), "html": ""}
    assert drawn(LeanEnvironment, "child", **values) == drawn(jinja2.Environment, "child", **values)


def test_scripts_do_not_get_through() -> None:
    assert "<script>" not in drawn(LeanEnvironment, x="<script>alert(1)</script>", html="")


def test_a_name_that_is_not_there_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError):
        drawn(LeanEnvironment, html="")


def test_macros_see_globals_that_are_set_before_the_first_page() -> None:
    env = LeanEnvironment(
        loader=jinja2.DictLoader({"m": "{% macro a() %}{{ g }}{% endmacro %}", "p": "{% from 'm' import a %}{{ a() }}"})
    )
    env.globals["g"] = "hier"
    assert env.get_template("p").render() == "hier"


def test_code_that_jinja_kept_of_the_same_template_is_not_ours(tmp_path: Path) -> None:
    loader = jinja2.DictLoader({"page": "{% for x in [1, 2] %}{% include 'part' %}{% endfor %}", "part": "{{ x }}"})
    for kind in (jinja2.Environment, LeanEnvironment, jinja2.Environment):
        env = kind(loader=loader, bytecode_cache=jinja2.FileSystemBytecodeCache(str(tmp_path)), autoescape=True)
        env.get_template("part")  # Jinja's first
        assert env.get_template("page").render() == "12"
    assert len(list(tmp_path.iterdir())) == 4
