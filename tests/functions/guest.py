"""A visitor who buys on the pages, with a browser that keeps cookies and runs no scripts."""

import re
from pathlib import Path

from tests.visitor import Visitor

SITE = "/sites/regio/"
LINDE = "toml:linde/a/1"


class Guest:
    """A visitor of the site with a browser that keeps cookies."""

    def __init__(self, visitor: Visitor, site: Path) -> None:
        self.visitor = visitor
        (site / "frame.tpl").write_text("<title>Regio</title><body><!-- here --></body>", "utf-8")
        self.cookies: dict[str, str] = {}

    def get(self, path: str):
        return self._keep(self.visitor.get(SITE + path, headers=self._cookie(), follow_redirects=False))

    def post(self, path: str, data, **headers: str):
        return self._keep(
            self.visitor.post(SITE + path, data=data, headers=self._cookie() | headers, follow_redirects=False)
        )

    def put_in(self, id: str = LINDE, number: int = 2, tariff: str = "zaal.basis", **more):
        return self.post("basket", {"act": "add", "p": id, "t": tariff, "n": str(number)} | more)

    def check_out(self, **given: str):
        form = re.search(r'name="form" value="([^"]+)"', self.get("checkout").text)[1]
        return self.post("checkout", {"form": form, "email": "an@voorbeeld.test", "name": "An Voorbeeld"} | given)

    def ask_for_class(self, production: str, date: str, path: str = "", **given: str):
        """Ask for places for a class, as a teacher."""
        way = f"{path}request?p={production}"
        form = re.search(r'name="form" value="([^"]+)"', self.get(way).text)[1]
        filled = {"school": "De Sprong", "group": "3B", "pupils": "22", "teachers": "2", "date1": date}
        return self.post(way, {"form": form, "email": "els@sprong.test", "name": "Juf Els"} | filled | given)

    def _cookie(self) -> dict[str, str]:
        return {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}

    def _keep(self, answer):
        for line in answer.headers.get_list("set-cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            if "Max-Age=0" in line:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return answer
