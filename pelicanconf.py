"""Pelican settings that every site shares; build.py lays the site's own over them.

Pelican's own articles, pages, feeds and indexes are off: the plan names every page, plugins/agenda draws them.
"""

import jinja2

PATH = "content"
ARTICLE_PATHS: list[str] = []
PAGE_PATHS: list[str] = []
STATIC_PATHS: list[str] = []
THEME_STATIC_PATHS: list[str] = []
DIRECT_TEMPLATES: list[str] = []
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = TAG_SAVE_AS = ""
DELETE_OUTPUT_DIRECTORY = False
CACHE_CONTENT = LOAD_CONTENT_CACHE = False
TIMEZONE = "Europe/Brussels"
DEFAULT_LANG = "nl"
SITEURL = ""

# Signals are global, so every site of a process gets the same list; the order is the order of drawing.
PLUGINS = ["plugins.pictures", "plugins.agenda", "plugins.search", "plugins.feeds"]

JINJA_ENVIRONMENT = {
    "autoescape": True,
    "undefined": jinja2.StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "auto_reload": False,
    "extensions": ["jinja2.ext.i18n"],
}
