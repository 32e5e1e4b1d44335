"""What a host of files must be told about a site: its headers, and what browsers may fetch ahead (decision 0022).

A newcomer's trap: this is no Pelican plugin with signals; plugins/site.py calls it when the pages are there.
"""

import json
from pathlib import Path
from urllib.parse import urlsplit

from etalage.model import headers
from etalage.model.site import SitePlan
from plugins.agenda.writing import write_if_changed


def tell(plan: SitePlan, output: Path) -> dict[str, bool]:
    """Write `_headers` and the speculation rules; give path → whether it changed."""
    stands = urlsplit(plan.site.url)
    paths = [page.path.removesuffix("index.html") for page in plan.pages if page.path.endswith(".html")]
    files = {
        "_headers": headers.as_file(paths, f"{stands.path.rstrip('/')}/", secure=stands.scheme == "https"),
        headers.RULES: json.dumps(headers.speculation_rules(), separators=(",", ":")) + "\n",
    }
    return {name: write_if_changed(str(output / name), text.encode()) for name, text in files.items()}
