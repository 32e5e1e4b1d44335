"""A Jinja environment that draws the same page, byte for byte (tests/plugins/test_lean.py), in half the time.

Three things that Jinja does for everybody and we need for nobody: it wraps each printed value to mark it as safe, just before
the values are joined to plain text; it copies the globals through a ChainMap for each page; and it compares them at each import
of a component, in case a template was given globals of its own. A newcomer's trap: so here no template may be.
"""

from collections.abc import MutableMapping
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
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


class _LeanTemplate(jinja2.Template):
    """A template whose macros are made once."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        del ctx
        return super()._get_default_module()


class LeanEnvironment(jinja2.Environment):
    """Jinja as above."""

    code_generator_class = _LeanCodeGenerator
    template_class = _LeanTemplate
    printed = staticmethod(printed)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The environment's globals, for every template."""
        return {**self.globals, **d} if d else self.globals
