"""A Jinja environment that draws the same page, byte for byte (tests/plugins/test_lean.py), in half the time.

What Jinja does for everybody and we need for nobody: it wraps each printed value to mark it as safe, just before the values are
joined to plain text; it hands each piece of a page up through every block and parent, one by one, where we hand up lists; it
looks whether `a.b` may mean `a["b"]`; it copies the globals through a ChainMap for each page; and it compares them at each
import of a component, in case a template was given globals of its own. A newcomer's trap: so here no template may be, and a
template writes `a.b` only for attributes.
"""

from collections.abc import MutableMapping
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, new_context
from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined]

from plugins.agenda.speech import Said


def printed(value: Any) -> str:
    """The value as it stands in HTML: text escaped, what is HTML already as it is."""
    kind = type(value)
    if kind is str or kind is Said:
        return _escape_inner(value)
    return value if kind is Markup else escape(value)


class _LeanCodeGenerator(CodeGenerator):
    """Writes plain functions that return lists of text where Jinja writes generators, and `printed(…)` for `escape(…)`."""

    asking = 0
    extends = extends_first = False
    whole: Frame | None = None

    def write_commons(self) -> None:
        """The first lines of each function: what it needs at hand."""
        self.writeline("resolve = context.resolve_or_missing")
        self.writeline("undefined = environment.undefined")
        self.writeline("concat = environment.concat")
        self.writeline("printed = environment.printed")
        self.writeline("cond_expr_undefined = Undefined")

    def enter_frame(self, frame: Frame) -> None:
        """A whole block, or a page that extends no other, gathers what it prints."""
        super().enter_frame(frame)
        whole = frame.block_frame or (frame.toplevel and not self.extends)
        if whole and frame.buffer is None:
            self.buffer(frame)
            self.whole = frame

    def leave_frame(self, frame: Frame, with_python_scope: bool = False) -> None:
        """… and returns it."""
        super().leave_frame(frame, with_python_scope)
        if frame is self.whole:
            self.writeline(f"return {frame.buffer}")

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        """Jinja's, knowing whether the page extends another."""
        self.extends = node.find(nodes.Extends) is not None
        self.extends_first = bool(node.body) and isinstance(node.body[0], nodes.Extends)
        super().visit_Template(node, frame)

    def writeline(self, x: str, node: nodes.Node | None = None, extra: int = 0) -> None:
        """A page that extends another and prints nothing itself gives what the other gives."""
        if self.extends_first and x == "yield from parent_template.root_render_func(context)":
            x = "return parent_template.root_render_func(context)"
        super().writeline(x, node, extra)

    def visit_Block(self, node: nodes.Block, frame: Frame) -> None:
        """Where a block is printed."""
        if frame.buffer is None or node.scoped or node.required:
            super().visit_Block(node, frame)
        else:
            self.writeline(f"{frame.buffer}.extend(context.blocks[{node.name!r}][0]({self.get_context_ref()}))", node)

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:
        """Where a part is printed that several pages have."""
        if (
            frame.buffer is None
            or not (node.with_context and isinstance(node.template, nodes.Const))
            or node.ignore_missing
        ):
            super().visit_Include(node, frame)
            return
        self.writeline(f"template = environment.get_template({node.template.value!r}, {self.name!r})", node)
        inside = f"template.new_context(context.get_all(), True, {self.dump_local_context(frame)})"
        self.writeline(f"{frame.buffer}.extend(template.root_render_func({inside}))")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        """A function or a macro is called, not asked first how it wants to be called; only gettext wants the context.

        What gettext says of a text without variables is remembered.
        """
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        plain = not (node.kwargs or node.dyn_args or node.dyn_kwargs)
        if name in ("_", "gettext") and plain and len(node.args) == 1 and isinstance(node.args[0], nodes.Const):
            self.write(f"environment.words[{node.args[0].value!r}]")
        elif name in _GETTEXT or forward_caller or node.dyn_args or node.dyn_kwargs:
            super().visit_Call(node, frame, forward_caller=forward_caller)
        else:
            self.visit(node.node, frame)
            self.write("(")
            for argument in (*node.args, *node.kwargs):
                self.visit(argument, frame)
                self.write(", ")
            self.write(")")

    def visit_Test(self, node: nodes.Test, frame: Frame) -> None:
        """Whether something is defined is asked Jinja's way: elsewhere, what is not there is an error."""
        self.asking += 1
        super().visit_Test(node, frame)
        self.asking -= 1

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """`a.b` is an attribute; only `self.b` is a block."""
        if self.asking or (isinstance(node.node, nodes.Name) and node.node.name == "self"):
            super().visit_Getattr(node, frame)
        else:
            self.visit(node.node, frame)
            self.write(f".{node.attr}")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("printed(")


class Bag(dict[str, Any]):
    """A table whose keys a template may write as attributes."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


_GETTEXT = frozenset({"_", "gettext", "ngettext", "pgettext", "npgettext"})


class _Words(dict[str, Any]):
    """The interface's words, asked once each."""

    def __init__(self, environment: jinja2.Environment) -> None:
        super().__init__()
        self.environment = environment

    def __missing__(self, text: str) -> Any:
        context = new_context(self.environment, None, {}, globals=self.environment.globals)
        said: Any = context.call(context.resolve("gettext"), text)
        self[text] = said
        return said


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = _Words(self)
        self.known: dict[Any, Any] = {}
        kept = self.bytecode_cache
        if isinstance(kept, jinja2.FileSystemBytecodeCache):  # what Jinja compiled of the same template is other code
            self.bytecode_cache = jinja2.FileSystemBytecodeCache(kept.directory, f"{kept.pattern}.lean")

    def get_template(self, name: Any, *more: Any, **named: Any) -> Any:
        """The template of this name, made once: each page asks for its own, the one it extends and its components."""
        made = self.known.get(name)
        if made is None:
            made = self.known[name] = super().get_template(name, *more, **named)
        return made

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The environment's globals, for every template."""
        return {**self.globals, **d} if d else self.globals
