"""The index of everything under ``rules/``, in Markdown, from the rulebook alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from staff_review.nouns.libraries import Library
from staff_review.nouns.products import Product
from staff_review.nouns.rulebook import Rule, Rulebook

_SHOWN = 6
OPENING = """\
# What staff-review knows

Rules say what is wrong and why; libraries say what calls do. Neither knows the other: a rule holds for every library,
and a library added here, or in a file of your own, is known to every rule.

This page is written by `{command}`; do not edit it by hand.
"""
RULES = (
    "Each has a page, which `staff-review rule NAME` prints too: why it matters, what to do instead, when it is silent."
)
PRODUCTS = "What services run beside, in `products/`: how the map knows it in any language's system."
LIBRARIES = "Every default was read from the library itself, in the version that its file names."


def index_of(rulebook: Rulebook, places: Mapping[tuple[str, str], str], command: str) -> str:
    """The whole page; `places` are the files of the libraries by language and name, `command` writes the page again."""
    parts = [OPENING.format(command=command), f"## Rules\n\n{RULES}\n"]
    rules = sorted(rulebook.rules.values(), key=lambda rule: (rule.family, rule.id))
    for family in dict.fromkeys(rule.family for rule in rules):
        title = family.replace("-", " ").capitalize()
        parts.append(f"### {title}\n\n" + _table(_RULE_HEAD, (_rule(one) for one in rules if one.family == family)))
    parts.append("## Standards\n\n" + "\n".join(_standards(rulebook, rules)) + "\n")
    libraries = sorted(rulebook.libraries, key=lambda one: (one.language, one.library))
    for language in dict.fromkeys(one.language for one in libraries):
        rows = (_library(one, places[language, one.library]) for one in libraries if one.language == language)
        parts.append(f"## Libraries of {language.capitalize()}\n\n{LIBRARIES}\n\n" + _table(_LIBRARY_HEAD, rows))
    rows = (_product(one) for one in rulebook.products.product)
    parts.append(f"## Products\n\n{PRODUCTS}\n\n" + _table(_PRODUCT_HEAD, rows))
    return "\n".join(parts)


_RULE_HEAD = ("rule", "severity", "confidence", "what it finds")
_PRODUCT_HEAD = ("product", "part", "protocol", "known by")
_LIBRARY_HEAD = ("library", "package", "what its calls do")


def _rule(rule: Rule) -> tuple[str, ...]:
    asked = "" if rule.status == "on" else f" ({rule.status}: only when asked)"
    link = f"[`{rule.id}`](../docs/rules/{rule.id}.md)"
    return link, rule.severity, rule.confidence, rule.title + asked


def _standards(rulebook: Rulebook, rules: list[Rule]) -> Iterator[str]:
    for standard in rulebook.standards.values():
        served = ", ".join(f"`{rule.id}`" for rule in rules if rule.standard == standard.id)
        yield f"- **{standard.title}.** {' '.join(standard.text.split())} Served by {served or 'no rule yet'}."


def _library(library: Library, place: str) -> tuple[str, ...]:
    return f"[{library.library}]({place})", library.package or "", ", ".join(_abilities(library))


def _abilities(library: Library) -> Iterator[str]:
    yield from sorted({effect.value for one in (*library.operation, *library.client) for effect in one.effects})
    yield from sorted({f"{one.kind} policy" for one in library.policy})
    yield from sorted({f"{one.kind} entry" for one in library.entry})
    if library.limit:
        yield "values that limit"
    if library.insecure:
        yield "switches off certificates"


def _product(product: Product) -> tuple[str, ...]:
    """A row that names at most a few of the names it is known by."""
    known = (*product.images, *(f"{one}://" for one in product.schemes), *map(str, product.ports), *product.hosts)
    names = known or product.services
    shown = ", ".join(f"`{one}`" for one in names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
    return product.name, product.part, product.protocol, shown


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ("---",) * len(head), *rows))
