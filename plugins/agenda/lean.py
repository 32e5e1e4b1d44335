"""A Jinja environment whose templates escape without making a Markup of every value they print.

Jinja's own escape() wraps each printed value, to mark it as safe, just before the values are joined to plain text; on a page
with two hundred values that is a third of the drawing. What is printed is the same, byte for byte (tests/plugins/test_lean.py).
"""

from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined]

from plugins.agenda.speech import Said


def printed(value: Any) -> str:
    """The value as it stands in HTML: text escaped, what is HTML already as it is."""
    kind = type(value)
    if kind is str or kind is Said:
        return _escape_inner(value)
    return value if kind is Markup else escape(value)


class _LeanCodeGenerator(CodeGenerator):
    """Writes `environment.printed(…)` where Jinja writes `escape(…)`."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.printed(")


class LeanEnvironment(jinja2.Environment):
    """Jinja with the escaping above."""

    code_generator_class = _LeanCodeGenerator
    printed = staticmethod(printed)
