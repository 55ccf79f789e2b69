"""Who is who: the truth, and what exact keys alone can find of it.

``exact_group`` is the connected component over the clean keys that were planted on each record, and
over the cookie of a browser that one person used: nothing here parses what was written. A key that
several people carry (a secretary's mobile) joins only the records of the same person, as a matcher
that never errs would. Identifiers shared by many are left out where they are planted, and
:func:`check_names` proves that.
"""

from __future__ import annotations

from collections.abc import Iterable

from tests.simulator.deals import Deals
from tests.simulator.engagement import Record
from tests.simulator.leads import Lead
from tests.simulator.web import Form, Visitor, Website

MAX_NAMES = 3


class Groups:
    """Union-find over records and keys."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def find(self, node: str) -> str:
        """Return the representative of a node (a record or a key)."""
        parent = self._parent
        root = node
        while parent.setdefault(root, root) != root:
            root = parent[root]
        while parent[node] != root:
            parent[node], node = root, parent[node]
        return root

    def join(self, left: str, right: str) -> None:
        """Put two nodes into one group."""
        a, b = self.find(left), self.find(right)
        if a != b:
            self._parent[max(a, b)] = min(a, b)


def lead_node(lead: Lead) -> str:
    """Return the node of a lead's record."""
    return f"crm_leads/{lead.lead_id}"


def form_node(form: Form) -> str:
    """Return the node of a form's record."""
    return f"web_form_submissions/{form.submission_id}"


def person_records(
    leads: list[Lead], website: Website, deals: Deals, others: Iterable[Record]
) -> list[Record]:
    """Return every record that speaks of a person, in a fixed order."""
    records = [Record("crm_leads", x.lead_id, x.person, x.keys, x.name[2]) for x in leads]
    records += [
        Record("crm_contacts", c.contact_id, c.person, c.keys, c.person.full_name)
        for c in deals.contacts
    ]
    records += [
        Record("web_form_submissions", f.submission_id, f.person, f.keys, f.name)
        for f in website.forms
    ]
    return records + list(others)


def exact_groups(records: list[Record], leads: list[Lead], website: Website) -> Groups:
    """Return the groups that exact keys, own cookies and the CRM's own links make."""
    carriers: dict[str, set[int]] = {}
    for record in records:
        for key in record.keys:
            carriers.setdefault(key, set()).add(_number(record))
    groups = Groups()
    for record in records:
        node = f"{record.table}/{record.record_id}"
        groups.find(node)
        for key in record.keys:
            owner = f"|{_number(record)}" if len(carriers[key]) > 1 else ""
            groups.join(node, f"key/{key}{owner}")
    for forms in _forms_by_visitor(website).values():
        if len({_number(form) for form in forms}) == 1:
            for form in forms:
                groups.join(form_node(forms[0]), form_node(form))
    for lead in leads:
        if lead.contact:
            groups.join(lead_node(lead), f"crm_contacts/{lead.contact.contact_id}")
        if lead.merged_into:
            groups.join(lead_node(lead), lead_node(lead.merged_into))
    return groups


def _number(of: Record | Form) -> int | None:
    """Return who it really was; None where nobody real stands behind it."""
    return of.person.number if of.person else None


def _forms_by_visitor(website: Website) -> dict[Visitor, list[Form]]:
    forms: dict[Visitor, list[Form]] = {}
    for form in website.forms:
        if form.session:
            forms.setdefault(form.session.visitor, []).append(form)
    return forms


def check_names(records: list[Record]) -> None:
    """Raise if a key planted as personal carries more distinct names than a personal key may."""
    names: dict[str, set[str]] = {}
    for record in records:
        for key in record.keys:
            if record.name:
                names.setdefault(key, set()).add(record.name)
    crowded = {key for key, found in names.items() if len(found) > MAX_NAMES}
    if crowded:
        raise AssertionError(
            f"planted as personal, but shared by many names: {sorted(crowded)[:5]}"
        )


def group_of_visitor(website: Website, groups: Groups) -> dict[Visitor, str]:
    """Return the group of each visitor whose forms all come from one group (others: nobody)."""
    owners = {
        visitor: {groups.find(form_node(form)) for form in forms}
        for visitor, forms in _forms_by_visitor(website).items()
    }
    return {visitor: next(iter(found)) for visitor, found in owners.items() if len(found) == 1}
