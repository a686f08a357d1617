"""Which rules speak: the names a user wrote, resolved, and the status of each rule."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from ..nouns.errors import UsageError
from ..nouns.rulebook import Rule, Rulebook
from ..nouns.settings import Settings


def chosen_rules(rulebook: Rulebook, settings: Settings) -> frozenset[str]:
    """The ids of the rules that are on; raises UsageError for a name that is neither a rule nor a family.

    Naming a preview or opinion rule in `select` switches it on; naming its family does not.
    """
    for names in (settings.severity, *(entry.ignore for entry in settings.per_path)):
        named(names, rulebook)
    statuses = {"on"} | ({"preview"} if settings.preview else set()) | ({"opinion"} if settings.opinions else set())
    on = {rule.id for rule in rulebook.rules.values() if rule.status in statuses}
    if settings.select:
        by_id = {found.id for name in settings.select if (found := rule_named(name, rulebook))}
        on = by_id | (on & named(settings.select, rulebook))
    return frozenset(on - named(settings.ignore, rulebook))


def named(names: Iterable[str], rulebook: Rulebook) -> set[str]:
    """The ids that rule and family names stand for; raises UsageError for an unknown name."""
    ids: set[str] = set()
    for name in names:
        rule = rule_named(name, rulebook)
        found = {rule.id} if rule else {each.id for each in rulebook.rules.values() if each.family == name}
        if not found:
            families = {each.family for each in rulebook.rules.values()}
            raise UsageError(
                f"no rule or family is named `{name}`{did_you_mean(name, {*rulebook.rules, *families})}; "
                "`staff-review rules` lists them all"
            )
        ids |= found
    return ids


def rule_named(name: str, rulebook: Rulebook) -> Rule | None:
    """The rule of this id or of this former id."""
    if name in rulebook.rules:
        return rulebook.rules[name]
    return next((rule for rule in rulebook.rules.values() if name in rule.was), None)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``" (did you mean `x`?)"``, or nothing when no known name is near."""
    near = get_close_matches(name, sorted(known), n=1)
    return f" (did you mean `{near[0]}`?)" if near else ""
