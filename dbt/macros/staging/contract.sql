{#
  What the source YAML says about a declared raw table, for the macros that generate from it. Only
  meaningful while dbt executes: at parse time the graph is not there yet.
#}

{# The declared extract, a source node of the graph. #}
{% macro declared_table(source_name, table_name) %}
    {% for node in graph.sources.values() %}
        {% if node.source_name == source_name and node.name == table_name %}
            {{ return(node) }}
        {% endif %}
    {% endfor %}
    {{ exceptions.raise_compiler_error(
        "no declared table " ~ source_name ~ "." ~ table_name ~ " in dbt/models/staging"
    ) }}
{% endmacro %}

{# The declared columns in order: dicts of name, data_type, is_required. #}
{% macro declared_columns(source_name, table_name) %}
    {% set columns = [] %}
    {% for column in declared_table(source_name, table_name).columns.values() %}
        {% do columns.append({
            "name": column.name,
            "data_type": column.data_type,
            "is_required": column.config.meta.get("required", false),
        }) %}
    {% endfor %}
    {{ return(columns) }}
{% endmacro %}

{# Zone of a timestamp without an offset: the table's own, else the project's. #}
{% macro declared_timezone(source_name, table_name) %}
    {% set meta = declared_table(source_name, table_name).config.meta %}
    {{ return(meta.get("timezone", var("source_timezone"))) }}
{% endmacro %}

{#
  All declared raw extracts as [source, table]. dbt needs their names before it can read the graph,
  so they are listed; check_declared_tables() fails the build when the list and the YAML differ.
#}
{% macro declared_tables() %}
    {{ return([
        ["crm", "crm_leads"],
        ["crm", "crm_lead_history"],
        ["crm", "crm_contacts"],
        ["crm", "crm_accounts"],
        ["crm", "crm_opportunities"],
        ["crm", "crm_opportunity_history"],
        ["crm", "crm_opportunity_contact_roles"],
        ["crm", "crm_activities"],
        ["crm", "crm_owner_history"],
        ["crm", "crm_handoffs"],
        ["crm", "crm_followups"],
        ["crm", "crm_users"],
        ["crm", "crm_merge_log"],
        ["crm", "crm_external_ids"],
        ["crm", "crm_stage_dictionary_export"],
        ["web", "web_form_submissions"],
        ["web", "web_events"],
        ["web", "content_assets"],
        ["web", "content_exposures"],
        ["ads", "ad_spend_daily"],
        ["ads", "ad_click_map"],
        ["ads", "ad_campaigns"],
        ["ads", "marketing_costs_other"],
        ["ads", "budgets_targets"],
        ["engagement", "call_center_calls"],
        ["engagement", "wecom_external_contacts"],
        ["engagement", "social_touches"],
        ["engagement", "marketing_events"],
        ["engagement", "event_attendance"],
        ["engagement", "message_sends"],
        ["engagement", "message_events"],
        ["engagement", "sequence_enrollments"],
        ["compliance", "consent_events"],
        ["compliance", "suppression_lists"],
        ["compliance", "erasure_requests"],
        ["enrichment", "enrichment_company"],
        ["finance", "contracts"],
        ["finance", "invoices"],
        ["finance", "payments"],
        ["success", "renewals"],
        ["success", "product_usage_daily"],
        ["success", "onboarding_milestones"],
        ["success", "support_tickets"],
        ["success", "surveys"],
        ["success", "advocacy_events"],
        ["success", "partner_deals"],
        ["success", "social_sentiment"],
    ]) }}
{% endmacro %}

{% macro check_declared_tables() %}
    {% set listed = [] %}
    {% for source_name, table_name in declared_tables() %}
        {% do listed.append(source_name ~ "." ~ table_name) %}
    {% endfor %}
    {% set declared = [] %}
    {% for node in graph.sources.values() if node.source_name != "landing" %}
        {% do declared.append(node.source_name ~ "." ~ node.name) %}
    {% endfor %}
    {% if listed | sort != declared | sort %}
        {{ exceptions.raise_compiler_error(
            "the list in dbt/macros/staging/contract.sql and the source YAML differ: "
            ~ (listed | reject("in", declared) | list + declared | reject("in", listed) | list)
            | join(", ")
        ) }}
    {% endif %}
{% endmacro %}

{# Staging model of a declared table: stg_<source>__<table without the source's prefix>. #}
{% macro staging_model(source_name, table_name) %}
    {% set prefix = source_name ~ "_" %}
    {% if table_name.startswith(prefix) %}
        {{ return("stg_" ~ source_name ~ "__" ~ table_name[prefix | length:]) }}
    {% endif %}
    {{ return("stg_" ~ source_name ~ "__" ~ table_name) }}
{% endmacro %}
