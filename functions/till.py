"""The pages on which one buys: choose, basket, checkout, order."""

from starlette.routing import Route

from functions import basket, checkout_page, order_page


def routes(root: str = "") -> list[Route]:
    """All of them, in a site's first language and in each of the others; `root` is the way to a site under a path."""
    return [
        route
        for folder in (root, f"{root}/{{language:language}}")
        for pages in (basket, checkout_page, order_page)
        for route in pages.routes(folder)
    ]
