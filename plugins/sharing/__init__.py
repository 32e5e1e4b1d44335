"""Pictures that others see when somebody shares a page: 1200 × 630, with the title, the date and the house (decision 0025).

A newcomer's trap: this is no Pelican plugin with signals. plugins/site.py calls `hang` before the plan is made, because a page's
key must know the name of its picture, and `tidy` after Pelican, so that no file goes that a page still names.
"""

from plugins.sharing.posters import Gallery, Shared, hang, tidy

__all__ = ["Gallery", "Shared", "hang", "tidy"]
