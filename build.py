#!/usr/bin/env python3
"""The command line of Etalage: fetch, build, serve, check, plan, doctor. It calls, it never decides.

Exit status 0 only when all went well: 1 when something must be mended, 2 when the command itself was wrong.
"""

import gc
import os
import sys
import threading
from pathlib import Path
from typing import Annotated, Any

import typer

# A build makes a million small values and keeps nearly all of them: the cycle collector would walk them over and over.
gc.disable()

ROOT = Path(__file__).resolve().parent
app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Etalage: agenda sites from ticketing data.", rich_markup_mode=None
)

Sites = Annotated[list[str] | None, typer.Option("--site", "-s", help="Only this house or cluster; may be repeated.")]
Json = Annotated[bool, typer.Option("--json", help="A report for machines on standard output.")]
Now = Annotated[
    str | None, typer.Option("--now", metavar="ISO", help="As of this date or moment, so that a build can be repeated.")
]
Accept = Annotated[bool, typer.Option("--accept", help="Believe a source that lost most of its programme.")]
Url = Annotated[
    str, typer.Option("--url", help="Where the sites will stand, instead of what settings say; {site} is the name.")
]
Content = Annotated[Path | None, typer.Option("--content", help="Another content folder.")]
Output = Annotated[Path | None, typer.Option("--output", help="Another output folder.")]
Var = Annotated[Path | None, typer.Option("--var", help="Another folder for what is remembered between builds.")]
Themes = Annotated[Path | None, typer.Option("--themes", help="Another themes folder.")]
Workers = Annotated[int, typer.Option("--workers", min=1, max=2, help="Processes that draw pages.")]
Offline = Annotated[bool, typer.Option("--offline", help="Ask no source; use what was fetched last.")]
Site = Annotated[str, typer.Option("--site", "-s", help="The house or cluster.")]
From = Annotated[str, typer.Option("--from", metavar="DATE", help="The first day; else today.")]
To = Annotated[str, typer.Option("--to", metavar="DATE", help="The last day; else four months on.")]
Chosen = Annotated[
    list[str] | None, typer.Option("--production", "-p", help="Only this one, by id or address; may be repeated.")
]
Folder = Annotated[Path, typer.Option("--to-folder", help="Where the files must come.")]
export = typer.Typer(no_args_is_help=True, help="Files for elsewhere: a brochure, a newsletter.", rich_markup_mode=None)
app.add_typer(export, name="export")


orders = typer.Typer(
    no_args_is_help=True, help="What was sold: list, show, move, refund, cancel, resend.", rich_markup_mode=None
)
app.add_typer(orders, name="orders")
passes = typer.Typer(
    no_args_is_help=True, help="Reductions of passes: are they on, what was booked.", rich_markup_mode=None
)
app.add_typer(passes, name="passes")
requests = typer.Typer(help="What schools ask for: list, show, propose, decline.", rich_markup_mode=None)
orders.add_typer(requests, name="requests")
Asked = Annotated[str, typer.Argument(help="The request's code, as the list has it.")]
Words = Annotated[
    str, typer.Option("--say", help="Your own words with the answer; the teacher reads them as they are.")
]
Code = Annotated[str, typer.Argument(help="The order's code, as the list has it, or the token of its link.")]


@app.command()
def fetch(
    site: Sites = None, now: Now = None, accept: Accept = False, json: Json = False, content: Content = None,
    output: Output = None, var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """Ask the ticketing sources what changed, and keep it."""
    from commands import office

    office.run(lambda desk: desk.fetch(accept=accept), _asked(site, now, json, content, output, var, themes))


@app.command()
def build(
    site: Sites = None, now: Now = None, url: Url = "", accept: Accept = False, workers: Workers = 2, offline: Offline = False,
    json: Json = False, content: Content = None, output: Output = None, var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """Fetch, then build the sites: only pages that changed are written."""
    from commands import office

    asked = _asked(site, now, json, content, output, var, themes)
    office.run(lambda desk: desk.build(url=url, accept=accept, workers=workers, offline=offline), asked)


@app.command()
def plan(
    site: Sites = None, now: Now = None, url: Url = "", json: Json = False, content: Content = None, output: Output = None,
    var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """Show every page that a build would make, from what was fetched last."""
    from commands import office

    office.run(lambda desk: desk.plan(url=url), _asked(site, now, json, content, output, var, themes))


@app.command()
def check(
    site: Sites = None, now: Now = None, url: Url = "", json: Json = False, content: Content = None, output: Output = None,
    var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """Check the built sites: links with fragments, JSON-LD, feeds, calendars; and list what staff should still fill in."""
    from commands import office

    office.run(lambda desk: desk.check(url=url), _asked(site, now, json, content, output, var, themes))


@app.command()
def doctor(
    site: Sites = None, now: Now = None, json: Json = False, content: Content = None, output: Output = None, var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """Check each configured system, and say what is wrong and what to do."""
    from commands import office

    office.run(lambda desk: desk.doctor(), _asked(site, now, json, content, output, var, themes))


@app.command()
def serve(
    port: Annotated[int, typer.Option("--port", help="The port on 127.0.0.1.")] = 8000,
    reload: Annotated[bool, typer.Option("--reload/--no-reload", help="Build again when content, theme or plugins change.")] = True,
    url: Url = "", now: Now = None, content: Content = None, output: Output = None, var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """Serve the built sites with the functions: <site>.localhost, and all under /sites/<site>/."""
    from commands import counter

    asked = _asked(None, now, False, content, output, var, themes)
    counter.open_shop(asked, port=port, reload=reload, url=url)


@app.command()
def deploy(folder: Annotated[Path, typer.Argument(help="Where the sites must come to stand.")], site: Sites = None,
           output: Output = None) -> None:  # fmt: skip
    """Copy the built sites to a folder: changed files only, pages last, so that no page names a file that is not there yet."""
    from commands import publish

    publish.copy(ROOT, folder, site, output)


@export.command()
def brochure(
    site: Site, first: From = "", last: To = "", production: Chosen = None,
    form: Annotated[list[str] | None, typer.Option("--format", help="json, xml or csv; may be repeated.")] = None,
    folder: Folder = Path("export"), url: Url = "", now: Now = None, json: Json = False, content: Content = None, output: Output = None,
    var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """For print and press: productions with their dates as data, and their pictures as large as they are."""
    from commands import exports, office

    wanted, forms = tuple(production or ()), tuple(form or ("json",))
    office.run(
        lambda desk: exports.write_brochure(
            desk, first=first, last=last, wanted=wanted, forms=forms, folder=folder, url=url
        ),
        _asked([site], now, json, content, output, var, themes),
    )


@export.command()
def newsletter(
    site: Site, first: From = "", last: To = "", production: Chosen = None,
    language: Annotated[str, typer.Option("--language", help="Of the site; else its first.")] = "",
    folder: Folder = Path("export"), url: Url = "", now: Now = None, json: Json = False, content: Content = None, output: Output = None,
    var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """For a mail: productions as a block of HTML to paste, and as text."""
    from commands import exports, office

    wanted = tuple(production or ())
    office.run(
        lambda desk: exports.write_newsletter(
            desk, first=first, last=last, wanted=wanted, language=language, folder=folder, url=url
        ),
        _asked([site], now, json, content, output, var, themes),
    )


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where the copy must come; a new file.")], now: Now = None, json: Json = False,
    content: Content = None, output: Output = None, var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """Copy the records (sales, shared lists) to one file, while the shop is open."""
    from commands import office, safe

    office.run(lambda desk: safe.save(desk, file), _asked(None, now, json, content, output, var, themes))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="The copy.")], now: Now = None, json: Json = False, content: Content = None,
    output: Output = None, var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """Put a copy of the records back, while the shop is closed; then run `orders reconcile`."""
    from commands import office, safe

    office.run(lambda desk: safe.put_back(desk, file), _asked(None, now, json, content, output, var, themes))


@orders.command("reconcile")
def reconcile_orders(
    since: Annotated[str, typer.Option("--since", metavar="ISO", help="Payments begun since; else a week.")] = "",
    now: Now = None, json: Json = False, content: Content = None, output: Output = None, var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """After a restore: compare with what the providers and the houses know, and write it again."""
    from commands import office, safe

    office.run(lambda desk: safe.match(desk, since), _asked(None, now, json, content, output, var, themes))


@orders.command()
def books(
    since: Annotated[str, typer.Option("--since", metavar="ISO", help="Payments begun since; else a week.")] = "",
    now: Now = None, json: Json = False, content: Content = None, output: Output = None, var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """Tell what each house is owed, and what differs between our books and the providers'."""
    from commands import books as desk_of
    from commands import office

    office.run(lambda desk: desk_of.tell(desk, since), _asked(None, now, json, content, output, var, themes))


@app.command()
def settle(
    period: Annotated[str, typer.Option("--period", metavar="PERIOD", help="A month as 2026-10, or days as 2026-10-01..2026-10-15; else last month.")] = "",
    house: Annotated[list[str] | None, typer.Option("--house", help="Only of this house; may be repeated.")] = None,
    to: Annotated[Path | None, typer.Option("--to-folder", help="Where the files must come; else var/statements.")] = None,
    paid: Annotated[bool, typer.Option("--paid", help="Note that what the statement of a --house says was paid by bank.")] = False,
    now: Now = None, json: Json = False, content: Content = None, output: Output = None, var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """Write a statement per house for a period: what was sold, who has the money, what is still to be paid."""
    from commands import office, settlement

    def act(desk: Any) -> None:
        settlement.settle(desk, period, tuple(house or ()), to, paid=paid)

    office.run(act, _asked(None, now, json, content, output, var, themes))


@passes.command("check")
def check_passes(
    site: Sites = None, now: Now = None, json: Json = False, content: Content = None, output: Output = None, var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """Say of each date to come whether passes count, and why not."""
    from commands import office
    from commands import passes as passes_of

    office.run(passes_of.check, _asked(site, now, json, content, output, var, themes))


@passes.command("compare")
def compare_passes(
    now: Now = None, json: Json = False, content: Content = None, output: Output = None, var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """Hold our registered sales beside what the systems of the passes have; each night."""
    from commands import office
    from commands import passes as passes_of

    office.run(passes_of.compare, _asked(None, now, json, content, output, var, themes))


@passes.command("export")
def export_passes(
    house: Annotated[str, typer.Option("--house", help="Whose tickets.")],
    to: Annotated[Path, typer.Option("--to", help="The file to write (CSV).")],
    month: Annotated[str, typer.Option("--month", metavar="MONTH", help="Only what was paid in this month, as 2026-11.")] = "",
    now: Now = None, json: Json = False, content: Content = None, output: Output = None, var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """A row for each registered sale of a house; nobody's name, no number of a pass."""
    from commands import office
    from commands import passes as passes_of

    office.run(
        lambda desk: passes_of.export(desk, house, month, to), _asked(None, now, json, content, output, var, themes)
    )


@orders.command("list")
def list_orders(
    house: Annotated[str, typer.Option("--house", help="Only with a share of this house.")] = "",
    state: Annotated[str, typer.Option("--state", help="Only in this state.")] = "",
    alerts: Annotated[bool, typer.Option("--alerts", help="Only what wants a look.")] = False,
    since: Annotated[str, typer.Option("--since", metavar="ISO", help="Only begun since this date or moment.")] = "",
    now: Now = None, json: Json = False, content: Content = None, output: Output = None, var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """The orders, the newest first; nothing of who bought them."""
    from commands import office
    from commands import orders as desk_of

    asked = _asked(None, now, json, content, output, var, themes)
    office.run(lambda desk: desk_of.tell_all(desk, house=house, state=state, alerts=alerts, since=since), asked)


@orders.command()
def show(
    order: Code, now: Now = None, json: Json = False, content: Content = None, output: Output = None, var: Var = None,
    themes: Themes = None,
) -> None:  # fmt: skip
    """One order with who bought it and its tickets."""
    from commands import office
    from commands import orders as desk_of

    office.run(lambda desk: desk_of.tell_one(desk, order), _asked(None, now, json, content, output, var, themes))


@orders.command()
def resend(
    order: Code, now: Now = None, json: Json = False, content: Content = None, output: Output = None, var: Var = None,
    themes: Themes = None,
) -> None:  # fmt: skip
    """Send the tickets of an order by mail once more, to who bought them."""
    from commands import office
    from commands import orders as desk_of

    office.run(lambda desk: desk_of.send_again(desk, order), _asked(None, now, json, content, output, var, themes))


@orders.command()
def door(
    performance: Annotated[str, typer.Argument(help="The id of a date, as in the agenda.")],
    to: Annotated[Path, typer.Option("--to", help="Where the list is written.")] = Path("door.csv"),
    now: Now = None, json: Json = False, content: Content = None, output: Output = None, var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """Write the list for the door: who has a ticket, as CSV that a spreadsheet opens."""
    from commands import office
    from commands import orders as desk_of

    asked = _asked(None, now, json, content, output, var, themes)
    office.run(lambda desk: desk_of.list_at_door(desk, performance, to), asked)


@orders.command()
def postcodes(
    house: Annotated[str, typer.Argument(help="The house whose tickets are counted.")],
    since: Annotated[str, typer.Option("--since", help="Only orders since this day.")] = "",
    to: Annotated[Path | None, typer.Option("--to", help="Also as CSV, in this file.")] = None,
    now: Now = None, json: Json = False, content: Content = None, output: Output = None, var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """Count from where a house's visitors come, by the postcodes that they gave."""
    from commands import office
    from commands import orders as desk_of

    asked = _asked(None, now, json, content, output, var, themes)
    office.run(lambda desk: desk_of.count_postcodes(desk, house, since, to), asked)


@orders.command()
def organiser(
    performances: Annotated[list[str] | None, typer.Argument(help="The ids of their dates.")] = None,
    site: Annotated[str, typer.Option("--site", help="On which site the page stands.")] = "",
    revoke: Annotated[str, typer.Option("--revoke", help="Take this link back.")] = "",
    now: Now = None, json: Json = False, content: Content = None, output: Output = None, var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """Make a link on which an organiser sees what their dates have sold, and nobody's name; or take it back."""
    from commands import office
    from commands import orders as desk_of

    def act(desk: Any) -> None:
        if revoke:
            desk_of.forbid_organiser(desk, revoke)
        else:
            desk_of.allow_organiser(desk, tuple(performances or ()), site)

    office.run(act, _asked(None, now, json, content, output, var, themes))


@orders.command()
def doorkeeper(
    house: Annotated[str, typer.Argument(help="The house whose tickets are shown at the door.")] = "",
    site: Annotated[str, typer.Option("--site", help="On which site the page stands; else the house's own.")] = "",
    revoke: Annotated[str, typer.Option("--revoke", help="Take this link back.")] = "",
    now: Now = None, json: Json = False, content: Content = None, output: Output = None, var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """Make a link on which who stands at the door asks whether a ticket is good; or take it back."""
    from commands import office
    from commands import orders as desk_of

    def act(desk: Any) -> None:
        desk_of.forbid_door(desk, revoke) if revoke else desk_of.allow_door(desk, house, site)

    office.run(act, _asked(None, now, json, content, output, var, themes))


@orders.command()
def refund(
    order: Annotated[str, typer.Argument(help="The order's code, or the token of its link.")] = "",
    house: Annotated[list[str] | None, typer.Option("--house", help="Only this house's share; may be repeated.")] = None,
    ticket: Annotated[list[str] | None, typer.Option("--ticket", help="Only the ticket with this code; may be repeated.")] = None,
    performance: Annotated[str, typer.Option("--performance", help="No order but a date that is off: its places in all orders.")] = "",
    elsewhere: Annotated[bool, typer.Option("--elsewhere", help="The money went back in another way: take the tickets back alone.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without it a date's orders are only counted.")] = False,
    now: Now = None, json: Json = False, content: Content = None, output: Output = None, var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """Give money back and places free: of some tickets, some houses, or the whole; or of a date in all orders. Twice is once."""
    from commands import office
    from commands import refunds as desk_of

    def act(desk: Any) -> None:
        if performance:
            desk_of.call_date_off(desk, performance, sure=yes)
        else:
            desk_of.give_back(desk, order, tuple(house or ()), tuple(ticket or ()), elsewhere=elsewhere)

    office.run(act, _asked(None, now, json, content, output, var, themes))


@orders.command()
def move(
    order: Code, old: Annotated[str, typer.Option("--from", help="The id of the date that it is for now.")],
    new: Annotated[str, typer.Option("--to", help="The id of another date of the same house, at the same prices.")],
    now: Now = None, json: Json = False, content: Content = None, output: Output = None, var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """Move the tickets of a date to another one: new places, new codes, a letter. Twice is once."""
    from commands import office
    from commands import orders as desk_of

    asked = _asked(None, now, json, content, output, var, themes)
    office.run(lambda desk: desk_of.move(desk, order, old, new), asked)


@orders.command()
def cancel(
    order: Code, now: Now = None, json: Json = False, content: Content = None, output: Output = None, var: Var = None,
    themes: Themes = None,
) -> None:  # fmt: skip
    """Undo an order before it is paid; give all of it back after."""
    from commands import office
    from commands import orders as desk_of

    office.run(lambda desk: desk_of.call_off(desk, order), _asked(None, now, json, content, output, var, themes))


@requests.callback(invoke_without_command=True)
def list_requests(
    context: typer.Context, house: Annotated[str, typer.Option("--house", help="Only those for this house.")] = "",
    stage: Annotated[str, typer.Option("--state", help="Only those in this state.")] = "",
    csv: Annotated[Path | None, typer.Option("--csv", help="Write them as a table too, with who asks.")] = None,
    now: Now = None, json: Json = False, content: Content = None, output: Output = None, var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """What schools ask for, the newest first; nobody's name, but in the table that --csv writes."""
    if context.invoked_subcommand is None:
        from commands import office
        from commands import requests as desk_of

        asked = _asked(None, now, json, content, output, var, themes)
        office.run(lambda desk: desk_of.tell_all(desk, house=house, stage=stage, csv=csv), asked)


@requests.command("show")
def show_request(
    request: Asked, now: Now = None, json: Json = False, content: Content = None, output: Output = None, var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """All of one request, with who asks."""
    from commands import office
    from commands import requests as desk_of

    office.run(lambda desk: desk_of.tell_one(desk, request), _asked(None, now, json, content, output, var, themes))


@requests.command()
def propose(
    request: Asked, date: Annotated[str, typer.Option("--date", help="The performance, as `show` has it.")], say: Words = "",
    now: Now = None, json: Json = False, content: Content = None, output: Output = None, var: Var = None, themes: Themes = None,
) -> None:  # fmt: skip
    """Propose a date: the teacher gets a letter, and confirms or takes the request back."""
    from commands import office
    from commands import requests as desk_of

    asked = _asked(None, now, json, content, output, var, themes)
    office.run(lambda desk: desk_of.propose(desk, request, date, say), asked)


@requests.command()
def decline(
    request: Asked, say: Words = "", now: Now = None, json: Json = False, content: Content = None, output: Output = None, var: Var = None,
    themes: Themes = None,
) -> None:  # fmt: skip
    """Say no: there are no places, or the date falls through."""
    from commands import office
    from commands import requests as desk_of

    asked = _asked(None, now, json, content, output, var, themes)
    office.run(lambda desk: desk_of.decline(desk, request, say), asked)


def _asked(site: Any, now: Any, json: Any, content: Any, output: Any, var: Any, themes: Any) -> dict[str, Any]:
    return {
        "root": ROOT,
        "sites": site,
        "now": now,
        "json": json,
        "content": content,
        "output": output,
        "var": var,
        "themes": themes,
    }


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    try:
        app()
    except SystemExit as end:
        if threading.active_count() > 1 or not isinstance(end.code, int):
            raise
        # Nobody is at work any more: the system takes all memory back at once, and freeing it value by value takes long.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(end.code)
