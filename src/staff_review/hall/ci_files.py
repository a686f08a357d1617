"""What `init` writes besides the baseline: settings, a pre-commit hook, and the jobs of GitHub and GitLab.

`requirement` is what an installer is told: `staff-review==1.0`, `staff-review @ git+https://...`.
"""

from __future__ import annotations

import re
import shlex

SETTINGS = """\
# Settings of staff-review. `staff-review config schema` describes every key, `staff-review config verify` checks them.

# fail-on = "warning"         # error, warning, note: findings from here on end a run with 1
# exclude = ["vendored/"]     # git's patterns
# catalog = ["reliability/*.toml"]  # what your own libraries do

# What the service is meant for: rules weigh by it. These are the defaults.
# [scale]
# requests_per_second = 100
# p99_ms = 500
# regions = 1
"""

_HOOK = """\
- repo: local
  hooks:
    - id: staff-review
      name: staff-review
      entry: staff-review --staged --near
      {language}
      files: |-
        (?x)
          \\.(py|go|java|kts?|scala|groovy|[cm]?js|ts|[cf]s|php|rb|rs|exs?|cc|cpp|clj|swift|dart|pl|lua|sh
            |toml|lock|txt|ya?ml|json|properties|ini|cfg|conf|env|html|jinja2?)$
          |(^|[/.])((Caddy|Container|Docker|Pip|Proc)file|env|nginx)([._-][^/]*)?$
      pass_filenames: false
      require_serial: true
"""

_INSTALLED = "language: system # the staff-review that is on the path"
_INSTALLING = """\
language: python
      additional_dependencies: ["{requirement}"]"""

_GITHUB = """\
name: staff-review

on:
  pull_request:
  push:
    branches: [{branch}]

permissions:
  contents: read

concurrency:
  group: staff-review-${{{{ github.ref }}}}
  cancel-in-progress: true

jobs:
  staff-review:
    name: staff-review
    runs-on: ubuntu-latest
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          fetch-depth: 0 # a pull request is held against the commit that it started from
          persist-credentials: false
      - uses: actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0
        with:
          python-version: "3.13"
      - uses: actions/cache@27d5ce7f107fe9357f9df03efb73ab90386fccae # v5.0.5
        with:
          path: ${{{{ runner.temp }}}}/staff-review
          key: staff-review-${{{{ runner.os }}}}-${{{{ github.sha }}}}
          restore-keys: staff-review-${{{{ runner.os }}}}-
      - run: pip install {requirement}
      - run: staff-review --format github ${{BASE:+--diff "origin/$BASE"}} .
        env:
          BASE: ${{{{ github.base_ref }}}}
          STAFF_REVIEW_CACHE: ${{{{ runner.temp }}}}/staff-review
"""

_GITLAB = """\
staff-review:
  image: python:3.13
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  variables:
    GIT_DEPTH: 0 # a merge request is held against the commit that it started from
    STAFF_REVIEW_CACHE: $CI_PROJECT_DIR/.staff-review-cache
  cache:
    key: staff-review
    paths: [.staff-review-cache]
  script:
    - pip install {requirement}
    # The widget of a merge request compares whole reports; the job itself fails only for what is new.
    - staff-review --exit-zero --format gitlab=gl-code-quality-report.json .
    - staff-review ${{CI_MERGE_REQUEST_DIFF_BASE_SHA:+--diff "$CI_MERGE_REQUEST_DIFF_BASE_SHA"}} .
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
"""

_REPOS = re.compile(r"^repos:[ \t]*(?:#.*)?$", re.MULTILINE)
_ITEM = re.compile(r"^([ \t]*)-[ \t]+repo:", re.MULTILINE)
_TOP_LEVEL = re.compile(r"^[^\s#-]", re.MULTILINE)


def hooks_file(requirement: str) -> str:
    """A file for pre-commit with our hook alone."""
    return "repos:\n" + _indented(_hook(requirement), "  ")


def hook_in(text: str, requirement: str) -> tuple[int, str] | None:
    """Where and what to add to a file of pre-commit, so that its form stays; None where that cannot be told safely."""
    repos = _REPOS.search(text)
    item = _ITEM.search(text, repos.end()) if repos else None
    if repos is None or item is None or text.count("\nrepos:") > 1:
        return None
    after = _TOP_LEVEL.search(text, repos.end())
    if after is not None and after.start() < item.start():
        return None
    end = after.start() if after is not None else len(text)
    # Empty lines and comments before the next key belong to that key.
    block = text[:end].rstrip()
    lines = block.split("\n")
    while lines and lines[-1].startswith("#"):
        lines.pop()
    at = len("\n".join(lines).rstrip())
    between = "\n\n" if re.search(r"\n[ \t]*\n", text[item.start() : at]) else "\n"
    return at, between + _indented(_hook(requirement), item[1]).rstrip("\n") + ("" if text[at:] else "\n")


def github_workflow(requirement: str, branch: str) -> str:
    """A workflow that needs no permission but to read."""
    return _GITHUB.format(requirement=shlex.quote(requirement), branch=branch)


def gitlab_job(requirement: str) -> str:
    """A job for merge requests and the default branch."""
    return _GITLAB.format(requirement=shlex.quote(requirement))


def _hook(requirement: str) -> str:
    """The hook; without a requirement, that of the program as it is installed."""
    language = _INSTALLING.format(requirement=requirement) if requirement else _INSTALLED
    return _HOOK.format(language=language)


def _indented(text: str, indent: str) -> str:
    return "".join(f"{indent}{line}" for line in text.splitlines(keepends=True))
