"""A project of one extract and a few models: our Python in full, dbt in small.

The runs that must fail, be killed or be refused are made here, where they take seconds.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

FILES = {
    "dbt/models/staging/crm/_crm__sources.yml": """
version: 2
sources:
  - name: crm
    description: The CRM.
    tables:
      - name: crm_leads
        description: One lead.
        config: {meta: {kind: state, key: [lead_id]}}
        columns:
          - name: lead_id
            data_type: string
            description: Its id.
            config: {meta: {key: true, required: true}}
          - {name: channel, data_type: string, description: Where it came from.}
          - {name: amount, data_type: bigint, description: What it brought.}
      - name: crm_contacts
        description: One contact; never delivered here.
        config: {meta: {kind: state, key: [contact_id]}}
        columns:
          - name: contact_id
            data_type: string
            description: Its id.
            config: {meta: {key: true, required: true}}
""",
    "dbt/models/staging/crm/stg_crm__leads.sql": """
-- {{ source('crm', 'crm_leads') }}
select lead_id, channel, try_cast(amount as bigint) as amount
from read_parquet('{{ env_var("LEADHOUSE_HOME") }}/landing/crm_leads/*.parquet')
""",
    "dbt/models/intermediate/int_leads.sql": """
select l.lead_id, l.channel, l.amount, c.label_en
from {{ ref('stg_crm__leads') }} as l left join {{ ref('channel') }} as c on l.channel = c.channel
""",
    "dbt/models/marts/dim_stage.sql": """
select 'lead' as stage, 10 as stage_rank union all select 'mql', 20
""",
    "dbt/models/marts/dim_channel.sql": """
select channel, label_en, cast(display_order as integer) as display_order from {{ ref('channel') }}
""",
    "dbt/models/marts/mart_funnel_cohort.sql": """
select 'lead' as from_stage, 'mql' as to_stage, 30 as horizon_days, count(*) as n_entered,
    count(*) as n_mature, count(*) filter (where amount > 5) as n_converted,
    count(*) as n_converted_ever
from {{ ref('int_leads') }}
""",
    "dbt/models/marts/mart_channel_roi_total.sql": """
select m.attribution_model, 'cash' as revenue_basis, leads.channel, c.label_en as channel_en,
    date '2024-07-01' as first_cohort_month, date '2024-07-01' as last_cohort_month,
    'CNY' as currency, count(*) as n_leads, count(*) filter (where amount > 5) as n_wins,
    cast(sum(amount) * 50 as bigint) as cost_minor,
    cast(sum(amount) * 100 as bigint) as horizon_minor,
    1.0 as roi, 0.5 as roi_low, 1.5 as roi_high, 'ok' as ratio_status
from {{ ref('int_leads') }} as leads
left join {{ ref('channel') }} as c on leads.channel = c.channel
cross join (select unnest(['first_touch', 'linear', 'last_touch']) as attribution_model) as m
group by m.attribution_model, leads.channel, c.label_en
""",
    "dbt/models/marts/_marts.yml": """
version: 2
models:
  - name: mart_funnel_cohort
    description: The funnel.
    config: {contract: {enforced: false}}
    columns:
      - name: n_entered
        description: How many entered.
        data_tests:
          - accepted_values:
              name: entered_are_as_many_as_allowed
              arguments: {values: [ALLOWED], quote: false}
  - {name: mart_channel_roi_total, config: {contract: {enforced: false}}}
  - {name: dim_channel, config: {contract: {enforced: false}}}
  - {name: dim_stage, config: {contract: {enforced: false}}}
""",
    "seeds/rules/channel.csv": """
channel,label_en,display_order
paid_search,搜索广告,10
direct,Direct,20
""",
    "seeds/rules/_rules.yml": "version: 2\nseeds:\n  - {name: channel, config: {schema: rules}}\n",
    "expectations/raw/crm_leads.yml": """
table: raw.crm_leads
description: Leads as delivered.
expectations:
  - name: delivered
    type: expect_table_row_count_to_be_between
    kwargs: {min_value: 10}
    severity: critical
    notes: At least ten leads.
""",
    "expectations/raw/crm_contacts.yml": """
table: raw.crm_contacts
description: Contacts as delivered.
expectations:
  - name: delivered
    type: expect_table_row_count_to_be_between
    kwargs: {min_value: 1}
    severity: critical
    notes: At least one contact.
""",
    "expectations/marts/mart_channel_roi_total.yml": """
table: marts.mart_channel_roi_total
description: Channel ROI.
expectations:
  - name: no_cent_lost
    type: expect_column_values_to_be_between
    query: >-
      select abs((select sum(horizon_minor) / 3 from {table})
        - (select sum(amount) * 100 from staging.stg_crm__leads)) as cents_lost
    kwargs: {column: cents_lost, max_value: LIMIT}
    severity: critical
    notes: All cash of the leads is in the mart.
""",
}


class ToyProject:
    """The project in `folder`, its state in `folder`/home; `deliver` before `run`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        folder.mkdir(parents=True)
        for path in ("dagster.yaml", "workspace.yaml", "pyproject.toml"):
            shutil.copy(ROOT / path, folder / path)
        for path in ("dbt_project.yml", "profiles.yml", "macros/generate_schema_name.sql"):
            (folder / "dbt" / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / "dbt" / path, folder / "dbt" / path)
        (folder / "seeds" / "reference").mkdir(parents=True)
        # Settings find the project by the place of their own file, hence a copy and not a link.
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "dagster_project", folder / "dagster_project", ignore=ignored)
        for path, content in FILES.items():
            self.write(path, content)

    def write(self, path: str, content: str, allowed: str = "100", limit: str = "0") -> None:
        """Write one file; allowed: values of n_entered that dbt accepts; limit: cents lost."""
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        text = content.replace("ALLOWED", allowed).replace("LIMIT", limit)
        (self.folder / path).write_text(text.lstrip(), encoding="utf-8")

    def allow(self, entered: str = "100", cents_lost: str = "0") -> None:
        """Set what dbt's test of the marts and the acceptance of the marts let pass."""
        for path in (
            "dbt/models/marts/_marts.yml",
            "expectations/marts/mart_channel_roi_total.yml",
        ):
            self.write(path, FILES[path], entered, cents_lost)

    def deliver(self, rows: int, day: str = "2026-07-01") -> None:
        """Replace what is delivered for `day` by a file of `rows` leads."""
        lines = [f"L{i},{'direct' if i % 2 else 'paid_search'},{i}" for i in range(rows)]
        path = f"seeds/extracts/crm_leads/extract_date={day}/leads.csv"
        self.write(path, "\n".join(["lead_id,channel,amount", *lines]) + "\n")

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "LEADHOUSE_HOME": str(self.home),
            "DAGSTER_HOME": str(self.home / "dagster"),
        }

    def start(self, *command: str) -> subprocess.Popen:
        """Start a command in the project's folder, in a process group of its own."""
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str) -> tuple[int, str]:
        """`make run`; returns exit code and all output."""
        return self.command(sys.executable, "-m", "dagster_project.run", *arguments)

    def launch(self, selection: str) -> tuple[int, str]:
        """`dg launch --assets <selection>`; returns exit code and all output."""
        dg = str(Path(sys.executable).with_name("dg"))
        return self.command(dg, "launch", "--assets", selection)

    def command(self, *command: str) -> tuple[int, str]:
        """Run a command to its end; returns exit code and all output."""
        process = self.start(*command)
        output, _ = process.communicate(timeout=300)
        return process.returncode, output

    @property
    def version(self) -> str | None:
        """Name of the current version."""
        current = self.home / "published" / "current"
        return current.resolve().name if current.exists() else None
