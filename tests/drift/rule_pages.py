"""The page of one rule, in Markdown, from the rulebook alone: what `staff-review rule` says in a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from staff_review.nouns.rulebook import Rule, Rulebook
from staff_review.report.rule_help import spoken
from staff_review.report.rule_page import bound_in_words, measured_in_words

_ASKED = {
    "preview": "It is new: it speaks only with `--preview`, until it has been measured on real code.",
    "opinion": "Its advice is contested: it speaks only with `--opinions`.",
}
_NOTE = "<!-- Written by `{command}` from rules/{family}/{id}.toml; edit that. -->\n"


def page_of(rule: Rule, rulebook: Rulebook, command: str) -> str:
    """The whole page."""
    parts = [f"# {rule.id}", _NOTE.format(command=command, family=rule.family, id=rule.id).rstrip()]
    parts += [f"**{rule.title}.** {_facts(rule)}"]
    parts += [_ASKED[rule.status]] if rule.status in _ASKED else []
    parts += ["## Why it matters", _wrapped(rule.why), "## Instead", _wrapped(spoken(rule.instead))]
    parts += ["## Example"] if rule.bad.strip() or rule.good.strip() else []
    for title, code in (("Reported", rule.bad), ("Better", rule.good)):
        parts += [f"{title}:", f"```python\n{code.strip(chr(10))}\n```"] if code.strip() else []
    if rule.silent:
        parts += ["## Not reported when", "\n".join(_wrapped(f"- {case}", "  ") for case in rule.silent)]
    parts += ["## Besides", "\n".join(_rows(rule, rulebook))]
    if rule.references:
        parts += ["## Read", "\n".join(f"- <{reference}>" for reference in rule.references)]
    return "\n\n".join(parts) + "\n"


def _facts(rule: Rule) -> str:
    family = rule.family.replace("-", " ")
    return f"Family {family}, severity {rule.severity}, confidence {rule.confidence}, since {rule.since}."


def _rows(rule: Rule, rulebook: Rulebook) -> Iterator[str]:
    standard = rulebook.standards.get(rule.standard)
    if standard is not None:
        yield _wrapped(f'- It serves the standard "{standard.title}".', "  ")
    for bound, severity in rule.scale.items():
        yield f"- {bound_in_words(bound).capitalize()} it is of severity {severity}."
    if rule.measured is not None:
        yield _wrapped(f"- Measured: {measured_in_words(rule.measured)}.", "  ")
    if rule.was:
        yield f"- Once it was named {', '.join(f'`{name}`' for name in rule.was)}; these names still hold."
    yield f"- To accept one: `# staff-review: ignore[{rule.id}] until=YYYY-MM-DD -- the reason`"
    yield f"- Others of its family: [{rule.family.replace('-', ' ')}](../../rules/README.md#{rule.family})"


def _wrapped(text: str, indent: str = "") -> str:
    plain = " ".join(text.split())
    return textwrap.fill(plain, 118, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
