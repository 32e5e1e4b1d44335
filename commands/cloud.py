"""The shop on AWS Lambda: name `commands.cloud.handler` as the function's handler. Needs the extra `aws`.

ETALAGE_ROOT is the folder with content/ and output/, ETALAGE_VAR one that can be written, ETALAGE_URL where visitors come.
"""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from commands.counter import keep_house, open_sale
from etalage import wiring
from etalage.config import Workspace
from functions.app import make_app
from functions.on_lambda import Handler, serve


def handler(event: dict[str, Any], context: Any) -> Mapping[str, Any]:
    """Answer one request."""
    return _shop()(event, context)


@cache
def _shop() -> Handler:
    """Opened at the first request, for as long as this machine of theirs lives."""
    root, var = Path(os.environ.get("ETALAGE_ROOT", ".")), os.environ.get("ETALAGE_VAR")
    workspace = Workspace.at(root, var=Path(var) if var else None)
    home = f"{os.environ.get('ETALAGE_URL', '').rstrip('/')}/sandbox/"
    lists, desk = wiring.wishlists(workspace), wiring.desk(workspace, wiring.clock)
    app = make_app(workspace.output, lists=lists, desk=desk, sale=open_sale(workspace, home))
    keep_house()
    return serve(app)
