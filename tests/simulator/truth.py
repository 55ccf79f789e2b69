"""The planted truth, beside the extracts: small gzipped CSV files and two JSON files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from tests.simulator import clock, effects, identity, media, phones
from tests.simulator import vocabulary as words
from tests.simulator.dice import Dice
from tests.simulator.journey import RANK
from tests.simulator.lead_planner import DUPLICATE_DAYS
from tests.simulator.leads import Lead
from tests.simulator.scoring import Act, ScoredLead
from tests.simulator.web import acts_by_visitor
from tests.simulator.world import World
from tests.simulator.writers import write_csv_gz

_REACHED = ("mql", "sal", "sql", "opportunity", "account")
_PROBES = 2000


@dataclass(slots=True)
class Enquiry:
    """Leads of one person with at most ninety days between neighbours; the first survives."""

    members: list[Lead]

    @property
    def survivor(self) -> Lead:
        """Return the lead that stands for the enquiry."""
        return self.members[0]


class Truth:
    """Computes every truth table of a world."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.dice = Dice(seed, "truth")
        self.leads = world.enquiries.leads
        self.records = identity.person_records(
            self.leads, world.website, world.deals, world.engagement.records
        )
        identity.check_names(self.records)
        self.groups = identity.exact_groups(self.records, self.leads, world.website)
        self.enquiries = self._enquiries()
        self.scored = self._scored()
        self._give_verdicts()
        self._note_untouched()

    # -- derived ------------------------------------------------------------------------------

    def _enquiries(self) -> list[Enquiry]:
        by_group: dict[str, list[Lead]] = {}
        for lead in self.leads:  # in order of creation
            by_group.setdefault(self.groups.find(identity.lead_node(lead)), []).append(lead)
        enquiries = []
        for members in by_group.values():
            island = [members[0]]
            for lead in members[1:]:
                if lead.created_at - island[-1].created_at > DUPLICATE_DAYS * clock.DAY:
                    enquiries.append(Enquiry(island))
                    island = []
                island.append(lead)
            enquiries.append(Enquiry(island))
        for enquiry in enquiries:
            if enquiry.survivor.merged_into or len({x.excluded for x in enquiry.members}) > 1:
                raise AssertionError(f"ambiguous enquiry of {enquiry.survivor.lead_id}")
        return enquiries

    def _scored(self) -> dict[Lead, ScoredLead]:
        acts: dict[str, list[Act]] = {}
        by_visitor = acts_by_visitor(self.world.website)
        groups = identity.group_of_visitor(self.world.website, self.groups)
        for visitor, found in by_visitor.items():
            if visitor in groups:
                acts.setdefault(groups[visitor], []).extend(found)
        return {
            lead: ScoredLead(
                lead.created_at, acts.get(self.groups.find(identity.lead_node(lead)), []),
                *lead.attributes_now(), lead.changes,
            )
            for lead in self.leads
        }  # fmt: skip

    def _give_verdicts(self) -> None:
        for lead in self.leads:
            if lead.email_clean.rpartition("@")[2] in words.FREE_MAIL:
                lead.verdicts.add("free_email")
            if lead.mobile_clean:
                lead.verdicts.update(phones.verdicts(lead.mobile_clean))
            if lead.merged_into:
                lead.verdicts.add("merged_lead")
        for enquiry in self.enquiries:
            for lead in enquiry.members[1:]:
                lead.verdicts.add("duplicate_lead")

    def _note_untouched(self) -> None:
        """Note leads with no trace but the CRM row itself, as a rule imported by hand."""
        size: dict[str, int] = {}
        for record in self.records:
            root = self.groups.find(f"{record.table}/{record.record_id}")
            size[root] = size.get(root, 0) + 1
        engagement = self.world.engagement
        clicked = {row[1] for row in engagement.message_events if row[2] == "click"}
        reacted = {send[3] for send in engagement.sends if send[0] in clicked}
        for lead in self.leads:
            alone = size[self.groups.find(identity.lead_node(lead))] == 1
            if alone and lead.capture == "import" and lead.email_clean not in reacted:
                self.world.planted.note("no_touch", lead=lead)

    # -- tables -------------------------------------------------------------------------------

    def stage_intervals(self) -> list[list]:
        """Return lead_id, passage_no, visit_no, stage, entered_at, exited_at, move."""
        rows = []
        for lead in self.leads:
            visits = lead.journey.visits
            exits = [clock.iso_utc(v.entered_at) for v in visits[1:]] + [""]
            for visit, exited in zip(visits, exits, strict=True):
                rows.append(
                    [lead.lead_id, visit.passage_no, visit.visit_no, visit.stage,
                     clock.iso_utc(visit.entered_at), exited, visit.move]
                )  # fmt: skip
        return rows

    def score_probes(self) -> list[list]:
        """Return lead_id, at, behaviour, attribute, total at random and at critical instants."""
        rows = []
        for number in range(_PROBES):
            lead = self.dice.pick(self.leads)
            scored = self.scored[lead]
            if number % 4 == 0:
                at = self.dice.pick(scored.change_instants())
            elif number % 4 == 1:
                at = scored.created_at + int(self.dice.exponential(20 * clock.DAY))
            else:
                at = scored.created_at + self.dice.between(0, clock.END - scored.created_at)
            rows.append([lead.lead_id, clock.iso_utc(at), *scored.score_at(at)])
        return rows

    def score_crossings(self) -> list[list]:
        """Return lead_id, crossing_no, crossed_at, total for each rise above the threshold."""
        rows = []
        for lead in self.leads:
            scored = self.scored[lead]
            for number, at in enumerate(scored.crossings(), start=1):
                rows.append([lead.lead_id, number, clock.iso_utc(at), scored.score_at(at)[2]])
        return rows

    def persons(self) -> list[list]:
        """Return table, record_id, true_person_id, true_company_id, exact_group."""
        numbers: dict[str, int] = {}
        rows = []
        for record in self.records:
            root = self.groups.find(f"{record.table}/{record.record_id}")
            group = numbers.setdefault(root, len(numbers) + 1)
            person = record.person
            rows.append(
                [record.table, record.record_id, f"P{person.number:06d}" if person else "",
                 f"C{person.company.number:06d}" if person else "", f"G{group:06d}"]
            )  # fmt: skip
        return rows

    def verdicts(self) -> list[list]:
        """Return lead_id, rule_ids (space separated), excluded, duplicate, survivor_lead_id."""
        rows = []
        for enquiry in self.enquiries:
            for lead in enquiry.members:
                duplicate = bool(lead.verdicts & {"duplicate_lead", "merged_lead"})
                rows.append(
                    [lead.lead_id, " ".join(sorted(lead.verdicts)), lead.excluded, duplicate,
                     enquiry.survivor.lead_id]
                )  # fmt: skip
        return sorted(rows)

    def funnel(self) -> list[list]:
        """Return cohort_month, channel, leads and how many ever reached each later stage."""
        cells: dict[tuple[str, str], list[int]] = {}
        for enquiry in self.enquiries:
            if enquiry.survivor.excluded:
                continue
            journeys = [lead.journey for lead in enquiry.members]
            entered = min(at for j in journeys if (at := j.reached_at("lead")) is not None)
            cell = cells.setdefault(
                (clock.month_label(entered), enquiry.survivor.channel), [0] * (len(_REACHED) + 1)
            )
            cell[0] += 1
            for position, stage in enumerate(_REACHED, start=1):
                cell[position] += any(j.reached_at(stage) is not None for j in journeys)
        return [[*key, *cells[key]] for key in sorted(cells)]

    def lead_channels(self) -> list[list]:
        """Return lead_id and channel leaf of every lead."""
        return [[lead.lead_id, lead.channel] for lead in self.leads]

    def costs(self) -> list[list]:
        """Return source, cost_id, channel, month, currency, minor_units.

        Advertising is summed per channel, month of the cost date and currency (``cost_id`` empty);
        every other cost is one row, with the month in which its period starts.
        """
        spend: dict[tuple[str, str, str], int] = {}
        plan = self.world.media
        for row in plan.spend:
            key = (media.CHANNEL_OF_PLATFORM[row[0]], row[2][:7], row[11])
            spend[key] = spend.get(key, 0) + plan.cost_in_force(row)
        rows = [["ads", "", *key, spend[key]] for key in sorted(spend)]
        rows += [
            ["other", c["cost_id"], c["leaf"], c["first"].isoformat()[:7], c["currency"],
             c["amount"]]
            for c in plan.other_costs
        ]  # fmt: skip
        return rows

    def cash(self) -> list[list]:
        """Return contract_id, opportunity_id, lead_id, currency, minor_units, payments, refunds."""
        totals: dict[str, list] = {}
        for payment in self.world.deals.payments:
            contract = payment.contract
            opportunity = contract.opportunity
            row = totals.setdefault(
                contract.contract_id,
                [contract.contract_id, opportunity.opportunity_id if opportunity else "",
                 opportunity.lead.lead_id if opportunity and opportunity.lead else "",
                 contract.currency, 0, 0, 0],
            )  # fmt: skip
            row[4] += payment.amount
            row[6 if payment.amount < 0 else 5] += 1
        return [totals[key] for key in sorted(totals)]

    def effects(self) -> dict:
        """Return the planted effects with what they amount to in this world."""
        responses = self.world.sales.responses
        p_now = [effects.logistic(r.logit) for r in responses]
        p_half = [effects.logistic(r.logit - effects.RESPONSE_DOUBLING_LOGIT) for r in responses]
        count = max(1, len(responses))
        return {
            "channel_logit": effects.CHANNEL_LOGIT,
            "score_logit": effects.SCORE_LOGIT,
            "intercept": effects.INTERCEPT,
            "intent_logit_per_sd": effects.INTENT_LOGIT,
            "sdr_logit": list(effects.SDR_LOGIT),
            "response_doubling_logit": effects.RESPONSE_DOUBLING_LOGIT,
            "response_reference_hours": effects.RESPONSE_REFERENCE_HOURS,
            "sql_to_opportunity": effects.SQL_TO_OPPORTUNITY,
            "first_mqls_contacted": len(responses),
            "mean_probability_sql": round(sum(p_now) / count, 6),
            "halving_response_time_pp": round(100 * (sum(p_half) - sum(p_now)) / count, 4),
        }

    def response_rows(self) -> list[list]:
        """Return lead_id, mql_at, response_hours, true_probability, becomes_sql."""
        return [
            [r.lead.lead_id, clock.iso_utc(r.mql_at), f"{r.hours:.4f}",
             f"{effects.logistic(r.logit):.6f}", r.converted]
            for r in self.world.sales.responses
        ]  # fmt: skip

    def write(self, folder: Path) -> None:
        """Write all truth files into a folder (created if missing)."""
        folder.mkdir(parents=True, exist_ok=True)
        reached = [f"reached_{stage}" for stage in _REACHED]
        for name, header, rows in (
            ("stage_intervals", "lead_id passage_no visit_no stage entered_at exited_at move",
             self.stage_intervals()),
            ("score_probes", "lead_id at behaviour attribute total", self.score_probes()),
            ("score_crossings", "lead_id crossing_no crossed_at total", self.score_crossings()),
            ("persons", "table record_id true_person_id true_company_id exact_group",
             self.persons()),
            ("lead_verdicts", "lead_id rule_ids excluded duplicate survivor_lead_id",
             self.verdicts()),
            ("lead_channels", "lead_id channel", self.lead_channels()),
            ("funnel", f"cohort_month channel leads {' '.join(reached)}", self.funnel()),
            ("costs", "source cost_id channel month currency minor_units", self.costs()),
            ("cash", "contract_id opportunity_id lead_id currency minor_units payments refunds",
             self.cash()),
            ("responses", "lead_id mql_at response_hours true_probability becomes_sql",
             self.response_rows()),
        ):  # fmt: skip
            write_csv_gz(folder / f"{name}.csv.gz", header.split(), rows)
        for name, content in (
            ("effects", self.effects()),
            ("planted", self.world.planted.resolve()),
        ):
            text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
            (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


assert set(_REACHED) < set(RANK)
