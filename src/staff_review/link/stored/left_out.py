"""The relations of rows that their queries leave out: what reading them would ask for, row by row."""

from __future__ import annotations

from .listings import Listing
from .object_reads import Wanted
from .plans import EVERYTHING, Plans
from .relations import Relations


def left_out(listing: Listing, plans: Plans, relations: Relations) -> tuple[Wanted | None, frozenset[str]]:
    """What to look for in whatever shows a listing, None where nothing can be said; and what is loaded along."""
    rows, chains = listing.rows, listing.chains
    root = chains[0].root if chains else None
    planned = listing.along | {one for chain in chains for one in plans.of(chain)}
    if root is None or listing.place is None or EVERYTHING in planned or any(map(plans.of_one_row, chains)):
        return None, planned
    if any(chain.awaited for chain in chains) or plans.loads_later(rows.file, rows.function):
        return None, planned
    known = relations.holders(chains[0].through) if chains[0].through else frozenset()
    found = {key: one for key, one in relations.of(root).items() if key not in planned and one.to not in known}
    if chains[0].through:
        found = {key: one for key, one in found.items() if not plans.by_holder(chains[0], key)}
    if any(name in found and not (found[name].by_call or found[name].back) for name in listing.joins):
        found = {key: one for key, one in found.items() if one.by_call or one.back}
    return Wanted(root, found), planned
