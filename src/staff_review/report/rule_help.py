"""What a rule says when no finding fills its words: as plain text, and in Markdown for those who host our results."""

from __future__ import annotations

import re

from ..nouns.findings import Finding
from ..nouns.rulebook import Rule
from . import Report


def spoken(text: str) -> str:
    """A rule's text without a finding to fill it: a value at the end of a sentence is left out, another is named."""
    without_last = re.sub(r"[:,]?\s*`?\{\w+\}`?(?=\s*(?:[.;]|$))", "", text)
    return re.sub(r"`?\{(\w+)\}`?", lambda hole: f"the {hole[1].replace('_', ' ')}", without_last)


def rules_of(report: Report) -> dict[str, Rule]:
    """The rules that the report knows, by id and sorted, and what its findings say of those it does not know."""
    told = {finding.rule: _as_told(finding) for finding in report.review.findings if finding.rule not in report.rules}
    return dict(sorted({**report.rules, **told}.items()))


def _as_told(finding: Finding) -> Rule:
    return Rule(
        id=finding.rule,
        title=finding.rule.replace("-", " ").capitalize(),
        message=finding.message,
        standard="",
        severity=finding.severity,
        confidence=finding.confidence,
        since="",
        why=finding.why,
        instead=finding.instead,
        family=finding.family,
    )


def help_text(rule: Rule) -> str:
    """The rule's page as plain text."""
    parts = [rule.why, f"Instead: {spoken(rule.instead)}"]
    if rule.silent:
        parts.append("Not reported when:\n" + "\n".join(f"- {case}" for case in rule.silent))
    parts.append(f"To accept one: # staff-review: ignore[{rule.id}] -- the reason")
    return "\n\n".join([*parts, *rule.references])


def help_markdown(rule: Rule) -> str:
    """The rule's page in Markdown; the texts are the rule's author's and may use Markdown themselves."""
    parts = [rule.why, f"**Instead.** {spoken(rule.instead)}"]
    parts += [
        f"{title}\n{_fenced(code)}" for title, code in (("Reported:", rule.bad), ("Better:", rule.good)) if code.strip()
    ]
    if rule.silent:
        parts.append("Not reported when\n\n" + "\n".join(f"- {case}" for case in rule.silent))
    parts.append(f"To accept one, with a reason: `# staff-review: ignore[{rule.id}] -- the reason`")
    if rule.references:
        parts.append("Read more\n\n" + "\n".join(f"- <{reference}>" for reference in rule.references))
    return "\n\n".join(parts)


def _fenced(code: str) -> str:
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", code)), 3)
    return f"\n{fence}\n{code.strip(chr(10))}\n{fence}"
