"""Columns and types of every raw table the simulated company exports.

This is the simulator's own copy of the contract of raw extracts: it must not read the product's
declaration, and ``tests/unit/test_simulator.py`` compares the two. Types decide how a cell is
written: ``timestamp`` cells are epoch seconds UTC, ``date`` cells are ISO strings, ``money`` cells
are integer minor units (cents), everything else is text, an integer or a boolean.
"""

from __future__ import annotations

#: Columns that mean the same and have the same type in whatever table they occur.
_TYPES = {
    "timestamp": """
        active_from active_to answered_at bid_submitted_at bid_won_at changed_at check_in_at
        clicked_at closed_at converted_at created_at createtime decided_at due_at end_at ended_at
        enrolled_at event_at exited_at expires_at fetched_at issued_at merged_at next_action_at
        occurred_at offered_at paid_at project_approved_at published_at received_at recorded_at
        registered_at returned_at sent_at signed_at start_at started_at submitted_at updated_at
        valid_from
        """,
    "date": """
        date period_start period_end start_date end_date expected_close_date founded_at
        """,
    "money": """
        annual_revenue amount cost cost_cash rebate_amount conversion_value tcv arr tax hourly_cost
        value
        """,
    "bigint": """
        employee_count seq probability duration_s impressions clicks platform_conversions capacity
        attended_minutes step notice_days daily_capacity display_order
        """,
    "boolean": """
        has_opted_out_of_email do_not_call is_primary opted_out is_closed is_won is_tender
        is_automated connected consent_checked is_bot no_show is_machine is_key_meeting auto_renew
        is_deleted _is_deleted news_flag
        """,
}


def _type_of_columns() -> dict[str, str]:
    """Spell the table above out as column name -> type."""
    return {name: kind for kind, names in _TYPES.items() for name in names.split()}


COLUMN_TYPES = _type_of_columns()

_UTM = "utm_source utm_medium utm_campaign utm_term utm_content"
_CLICK_IDS = "gclid gbraid wbraid msclkid bd_vid qz_gdt clickid li_fat_id"
_PERSON = "first_name last_name full_name email phone mobile_phone"

#: Table -> column names in the order of the contract.
TABLES: dict[str, tuple[str, ...]] = {
    name: tuple(columns.split())
    for name, columns in {
        "crm_leads": f"""
            lead_id created_at updated_at status owner_id {_PERSON} company_name title industry
            employee_count annual_revenue country state city website lead_source
            lead_source_detail {_UTM} click_id click_id_type rating converted_at
            converted_account_id converted_contact_id converted_opportunity_id
            has_opted_out_of_email do_not_call product_interest pain_point budget_status timeline
            decision_process junk_reason recycle_reason description
            """,
        "crm_lead_history": """
            lead_id field seq old_value new_value changed_at changed_by change_source
            """,
        "crm_contacts": f"""
            contact_id account_id {_PERSON} company_name title country state city created_at
            owner_id reports_to_id role_title is_primary opted_out do_not_call
            """,
        "crm_accounts": """
            account_id name domain website unified_credit_code industry employee_count
            annual_revenue parent_id owner_id tier type billing_country created_at
            """,
        "crm_opportunities": """
            opportunity_id account_id primary_contact_id lead_id name type stage amount currency
            probability forecast_category created_at expected_close_date closed_at is_closed is_won
            lost_reason competitor campaign_id owner_id is_tender project_approved_at
            bid_submitted_at bid_won_at
            """,
        "crm_opportunity_history": """
            opportunity_id field seq old_value new_value changed_at changed_by change_source
            """,
        "crm_opportunity_contact_roles": """
            id opportunity_id contact_id role is_primary created_at
            """,
        "crm_activities": """
            activity_id kind direction lead_id contact_id opportunity_id account_id actor_user_id
            is_automated occurred_at created_at duration_s outcome disposition connected subject
            content_asset_id
            """,
        "crm_owner_history": """
            object object_id changed_at from_owner to_owner from_queue to_queue changed_by
            change_source
            """,
        "crm_handoffs": """
            handoff_id lead_id offered_at from_user from_team to_user to_team decision decided_at
            reason_code note returned_at
            """,
        "crm_followups": """
            followup_id lead_id opportunity_id user_id occurred_at recorded_at key_points
            business_context trigger project_cycle risks competitors progress commercial
            next_action_at quality_verdict reason_code
            """,
        "crm_users": """
            user_id name email role team_id manager_id active_from active_to daily_capacity
            timezone hourly_cost
            """,
        "crm_merge_log": """
            object_type winner_id loser_id merged_at merged_by source
            """,
        "crm_stage_dictionary_export": """
            pipeline stage_id label display_order probability is_closed is_deleted valid_from
            """,
        "web_form_submissions": f"""
            submission_id form_id form_kind submitted_at received_at anonymous_id session_id
            page_url referrer {_UTM} {_CLICK_IDS} email phone name company title employee_count
            country free_text consent_checked consent_default_state privacy_policy_version
            asset_id variant_id ip_country
            """,
        "web_events": f"""
            event_id event_name occurred_at received_at anonymous_id user_id session_id page_url
            page_path referrer {_UTM} {_CLICK_IDS} user_agent ip_hash country asset_id is_bot
            """,
        "content_assets": """
            asset_id title kind tags product industry awareness_step intent promise_tag
            published_at url_pattern cost owner_team
            """,
        "ad_spend_daily": """
            platform account_id date campaign_id ad_group_id keyword_id match_type device
            impressions clicks cost currency cost_cash rebate_amount platform_conversions
            conversion_value campaign_name ad_group_name keyword_text account_timezone
            """,
        "ad_click_map": """
            click_id click_id_type clicked_at campaign_id ad_group_id keyword_id search_term
            """,
        "ad_campaigns": """
            campaign_id name channel_type start_date end_date objective status valid_from
            """,
        "marketing_costs_other": """
            cost_id period_start period_end channel campaign_id event_id asset_id cost_type amount
            currency paid_at allocation_rule
            """,
        "budgets_targets": """
            metric period dim version value approved_by valid_from
            """,
        "call_center_calls": """
            call_id line direction ani dnis started_at answered_at ended_at agent_id queue ivr_path
            disposition recording_ref linked_lead_id ad_tracking_number
            """,
        "wecom_external_contacts": """
            external_userid unionid userid name corp_name position remark remark_mobiles add_way
            state tags createtime event event_at
            """,
        "social_touches": """
            platform openid unionid action content_id occurred_at scene qr_param
            """,
        "marketing_events": """
            event_id name kind start_at end_at city capacity campaign_id is_key_meeting owner_team
            """,
        "event_attendance": f"""
            event_id registrant_id registered_at invited_by email phone name company title
            check_in_at attended_minutes questions poll_answers no_show {_UTM}
            """,
        "message_sends": """
            send_id channel person_key_type person_key campaign_id sequence_id step content_version
            sent_at purpose
            """,
        "message_events": """
            event_id send_id kind occurred_at url user_agent is_machine
            """,
        "sequence_enrollments": """
            sequence_id person_key_type person_key enrolled_at exited_at exit_reason
            """,
        "consent_events": """
            consent_id subject_key_type subject_key channel purpose action occurred_at source_form
            source_version default_state legal_basis country evidence_ref expires_at
            """,
        "enrichment_company": """
            company_key provider fetched_at legal_name credit_code industry employee_band
            registered_capital founded_at status parent news_flag payload_hash
            """,
        "contracts": """
            contract_id account_id opportunity_id type signed_at start_date end_date tcv arr
            currency auto_renew notice_days channel partner_id product_lines
            """,
        "invoices": """
            invoice_id contract_id issued_at due_at amount tax currency status
            """,
        "payments": """
            payment_id invoice_id contract_id received_at amount currency method bank_ref
            """,
    }.items()
}


def column_types(columns: tuple[str, ...]) -> list[str]:
    """Return the cell type of each column: one name means one type in every table."""
    return [COLUMN_TYPES.get(name, "string") for name in columns]
