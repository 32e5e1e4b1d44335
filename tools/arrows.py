"""Two contracts for import-linter that say who *may* import whom, as the design's table does.

import-linter's own contracts list what is forbidden, so a new dependency would slip past them. Here everything that
a row does not allow is refused; the standard library always passes. What a newcomer would get wrong: an import
inside a function, or only for types, is an arrow as well.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class Listed(Contract):
    """A contract whose offences are sentences."""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        del verbose
        offences = sorted(set(self.offences(graph)))
        return ContractCheck(kept=not offences, metadata={"offences": offences})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for offence in check.metadata["offences"]:
            output.print_error(f"- {offence}")

    def offences(self, graph: ImportGraph) -> Iterator[str]:
        """Yield one sentence for each import that should not be."""
        raise NotImplementedError


class MayImport(Listed):
    """The modules in `sources` import only what is `allowed`; "*" allows any third party but those in `never`."""

    type_name = "may_import"

    sources: Any = fields.ListField(subfield=fields.StringField())
    allowed: Any = fields.ListField(subfield=fields.StringField())
    never: Any = fields.ListField(subfield=fields.StringField(), required=False)

    def offences(self, graph: ImportGraph) -> Iterator[str]:
        for importer, imported, line in imports(graph, self.sources):
            if not self.is_allowed(imported):
                yield f"{importer} imports {imported} ({line}), which {' and '.join(self.sources)} may not"

    def is_allowed(self, module: str) -> bool:
        """Say whether a module of the sources may import this one."""
        if is_within(module, sys.stdlib_module_names):
            return True
        is_ours = is_within(module, self.session_options["root_packages"])
        is_listed = is_within(module, [*self.sources, *self.allowed])
        is_tolerated = "*" in self.allowed and not is_ours and not is_within(module, self.never or ())
        return is_listed or is_tolerated


class Strangers(Listed):
    """In a flat `folder` of `system_port.py` files no file imports another system's; `_shared.py` is for all."""

    type_name = "strangers"

    folder: Any = fields.StringField()

    def offences(self, graph: ImportGraph) -> Iterator[str]:
        for importer, imported, line in imports(graph, [self.folder]):
            if is_within(imported, [self.folder]) and imported != self.folder:
                here, there = (system(name, self.folder) for name in (importer, imported))
                if there and here != there:
                    yield f"{importer} imports {imported} ({line}), another system's adapter"


def imports(graph: ImportGraph, sources: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield every import out of the sources: who, what, and on which line."""
    for importer in graph.modules:
        if is_within(importer, sources):
            for imported in graph.find_modules_directly_imported_by(importer):
                details = graph.get_import_details(importer=importer, imported=imported)
                yield importer, imported, ", ".join(f"line {detail['line_number']}" for detail in details)


def is_within(module: str, packages: Iterable[str]) -> bool:
    """Say whether a module is one of these packages or lies in one."""
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def system(module: str, folder: str) -> str:
    """Return which system an adapter belongs to; nothing for what all adapters share."""
    name = module.removeprefix(f"{folder}.").split(".")[0]
    return "" if module == folder or name.startswith("_") else name.split("_")[0]
