"""Asks gapcalc about a world, and compares its answer with the count by the method."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from oracle.counting import address_of
from oracle.forms import LINK_FORMS, Form
from oracle.method import BASES, Answer, Figure, Figures
from oracle.resave import DAMAGES, FLAGS, LOCALES, damaged, repack, resave, written
from oracle.sheets import Grid, Style, grid_of_list, grid_of_serp
from oracle.worlds import Listing, World, make_world
from running import Run, run

SOUND = ("as exported", "repacked", "cp1252")
LOCALISED = tuple(locale.name for locale in LOCALES)
SAVINGS = (*SOUND, *LOCALISED, *DAMAGES)


class Difference(NamedTuple):
    """A figure that is neither right, nor unknown with a caution."""

    figure: str
    right: Figure
    got: Figure


class Case(NamedTuple):
    """A world, how its files were saved, and the outcome: equal, unknown, refused or wrong."""

    seed: str
    saving: str
    world: World
    command: tuple[str, ...]
    outcome: str
    differences: tuple[Difference, ...] = ()
    message: str = ""

    def __str__(self) -> str:
        lines = [f"seed {self.seed}, {self.saving}: gapcalc {' '.join(self.command)}"]
        lines += [f"  {d.figure}: right {d.right}, got {d.got}" for d in self.differences]
        return "\n".join([*lines, *([self.message] if self.message else [])])


def try_world(seed: str, saving: str, folder: Path, forms: tuple[Form, ...] = LINK_FORMS) -> Case:
    """Make the world of a seed, save its files in one way, ask, and compare."""
    world, dice = make_world(Random(seed), forms), Random(f"{seed}/{saving}")
    sound = [grid_of_list(listing) for listing in world.lists]
    sound += [grid_of_serp(world.serp, world.keyword)] if world.serp else []
    tables = list(sound)
    right: Callable[[], Figures] = Answer(world).figures
    if saving in DAMAGES and world.lists:
        right = _damage(world, tables, saving, dice)
    command, done = _ask(world, tables, saving, folder, dice)
    case = Case(seed, saving, world, command, "equal")
    if done.code != 0:
        refused = done.code in {2, 3} and done.err.strip() and saving not in SOUND
        message = f"exit {done.code}: {done.err.strip()[:400]}"
        return case._replace(outcome="refused" if refused else "wrong", message=message)
    answer = json.loads(done.out)
    unknown, wrong = _compare(right(), figures_of(answer))
    if saving == "garble" and not any(_compare(Answer(world).figures(), figures_of(answer))):
        return case  # the answer does not rest on that column
    if wrong or (unknown and saving in SOUND):
        return case._replace(outcome="wrong", differences=(*wrong, *unknown))
    if unknown:
        (folder / "sound").mkdir()
        _, before = _ask(world, sound, "as exported", folder / "sound", dice)
        if before.code == 0 and not _said(answer) - _said(json.loads(before.out)):
            return case._replace(outcome="wrong", differences=unknown, message="without a caution")
    return case._replace(outcome="unknown" if unknown else "equal")


def _ask(
    world: World, tables: list[tuple[Style, Grid]], saving: str, folder: Path, dice: Random
) -> tuple[tuple[str, ...], Run]:
    files = [save(folder, number, table, saving, dice) for number, table in enumerate(tables)]
    command = command_for(world, files)
    return command, run(*command, "--json", cwd=folder)


def _damage(
    world: World, tables: list[tuple[Style, Grid]], damage: str, dice: Random
) -> Callable[[], Figures]:
    """Damage one column of one list; give the function for the right figures of the rest."""
    place = dice.randrange(len(world.lists))
    listing, (style, grid) = world.lists[place], tables[place]
    cells = {h: fact for h, (fact, _) in listing.form.cells.items() if fact in FLAGS}
    if damage == "one-column" or not cells:
        tables[place] = style, damaged(grid, "", "one-column", dice)
        return Answer(world).figures
    heading, fact = dice.choice(sorted(cells.items()))
    tables[place] = style, damaged(grid, heading, damage, dice)
    if tables[place][1] == grid:  # there was nothing in the column
        return Answer(world).figures
    left = {h: cell for h, cell in listing.form.cells.items() if h != heading}
    poorer = listing._replace(form=listing.form._replace(cells=left))
    lists = (*world.lists[:place], poorer, *world.lists[place + 1 :])
    without_column = replace(world, lists=lists)
    if damage != "garble" or fact in {"spam", "sitewide"}:
        return Answer(without_column).figures
    if fact == "lost":
        return partial(_without_pages, world, listing)
    # The rules do without the column. Which links are followed, only the column told.
    return lambda: Answer(without_column).figures() | _on_basis(world, "followed")


def _without_pages(world: World, unread: Listing) -> Figures:
    """Give the figures where nothing tells which links of a list are lost.

    The pages that it lists are left with their vendor's totals. Whatever rests on their links must
    be what the sound list gives, or unknown, and so must a median that lacks one of them. The
    waterfall is that of the other pages.
    """
    pages = {unread.page or "", *(unread.page or link.target for link in unread.links)} - {""}
    touched = frozenset(address_of(page).page for page in pages)
    left = Answer(world, unread=touched)
    mine = touched & {left.own.page} if left.own.total == 0 else frozenset[str]()
    sound = Answer(replace(world, basis=left.basis), unread=mine)
    figures = sound.figures(uncounted=touched)
    certain = {"raw", *(("gap", *_GOALS) if left.basis == "raw" else ())}
    if any(page.page in touched and page.total is None for page in left.comparable):
        certain = {"raw.own"}
    return figures | {
        name: figure
        for name, figure in left.figures().items()
        if figure is not None and (name.endswith(" raw") or {name, _word_of(name)} & certain)
    }


_GOALS = ("n", "median", "bound", "entry", "stretch", "competitive")


def _on_basis(world: World, basis: str) -> Figures:
    figures = Answer(world).figures().items()
    return {name: figure for name, figure in figures if _word_of(name) == basis}


def _word_of(name: str) -> str:
    """Give the word by which a figure is known: its goal, or the basis it is on."""
    return name.rpartition(" ")[2] if " " in name else name.partition(".")[0]


def save(folder: Path, number: int, table: tuple[Style, Grid], saving: str, dice: Random) -> str:
    """Write a table to a numbered file in one way of saving; give its name."""
    style, grid = table
    locale = next((locale for locale in LOCALES if locale.name == saving), None)
    ending = ".csv"
    if saving == "repacked":
        ending, data = repack(grid, style, dice)
    elif locale:
        data = resave(grid, locale, dice)
    else:
        data = written(grid, style._replace(encoding="cp1252") if saving == "cp1252" else style)
    (folder / f"{number}{ending}").write_bytes(data)
    return f"{number}{ending}"


def command_for(world: World, files: list[str], name: str = "gap") -> tuple[str, ...]:
    """Give the command that asks about a world, whose files these are."""
    command = [name, "--target", world.target]
    for listing, file in zip(world.lists, files, strict=False):
        command += (
            [file] if listing.page is None else ["--links-for", f"{listing.page}={file}", file]
        )
    if world.serp:
        command.append(files[-1])
        if "keyword" not in world.serp.form.says:
            command += ["--keyword", str(world.keyword)]
    for url in world.competitors:
        command += ["--competitor", url]
    options: dict[str, object] = {
        "--profile": world.profile,
        "--basis": world.basis if name == "gap" else None,
        "--top": world.top,
        "--tolerance": world.tolerance if name == "gap" else None,
        "--own-rds": world.own_rds,
        "--min-authority": world.min_authority,
    }
    for option, value in options.items():
        command += [] if value is None else [option, str(value)]
    return (*command, *(["--icann-suffixes"] if world.icann else []))


def _compare(right: Figures, got: Figures) -> tuple[tuple[Difference, ...], tuple[Difference, ...]]:
    """Give the figures that are unknown, and those that are wrong."""
    unknown: list[Difference] = []
    wrong: list[Difference] = []
    for name in sorted({*right, *got}):
        expected, found = right.get(name), got.get(name)
        if expected == found:
            continue
        # A count of dropped domains that does not stand there is 0 where the page was counted.
        counted = got.get(f"{name.rpartition(' drops ')[0]} kept") is not None
        is_unknown = found is None and not (" drops " in name and counted)
        # Without a median no page is counted for it.
        none = name.rpartition("n")[0] + "median"
        is_unknown |= name.rpartition(".")[2] == "n" and found == 0 and got.get(none) is None
        is_unknown |= name == "bound" and got.get("median") is None
        kind = unknown if is_unknown else wrong
        kind.append(Difference(name, expected, found))
    return tuple(unknown), tuple(wrong)


def _said(answer: dict[str, Any]) -> set[str]:
    said = {str(caution) for caution in answer["cautions"]}
    said |= {str(caution) for keyword in answer["keywords"] for caution in keyword["cautions"]}
    return said | {str(i["note"]) for i in answer["inputs"] if i["note"]}


def figures_of(answer: dict[str, Any]) -> Figures:
    """Name the figures of gapcalc's JSON as the method names them: all that knows its keys."""
    (keyword,) = answer["keywords"]
    goals, gap, own = keyword["goals"], keyword["gap"], keyword["target_page"]
    figures: Figures = {"basis": keyword["basis"]}
    figures |= {
        name: goals[name] for name in ("n", "median", "bound", "entry", "stretch", "competitive")
    }
    figures |= {f"gap.{goal}": gap[f"to_{goal}"] for goal in ("median", "entry", "competitive")}
    figures["gap.bound"] = gap["bound"]
    for basis in BASES:
        on = keyword["by_basis"].get(basis, {})
        figures |= {f"{basis}.{name}": on.get(name) for name in ("n", "median", "own")}
        figures[f"{basis}.gap"] = on.get("need")
    for page in [{**own, "left_out": "own-page"}, *keyword["pages"]]:
        name = f"page {page['page']}"
        if page["left_out"] in {"site-scope", "serp-feature"}:
            continue
        figures |= {f"{name} {basis}": page[basis] for basis in BASES}
        figures[f"{name} left out"] = page["left_out"]
        dropped = (page["dropped"] or {}).items()
        figures |= {f"{name} drops {rule}": n for rule, n in dropped if n}
    return figures | {f"waterfall {rule}": n for rule, n in keyword["waterfall"].items() if n}
