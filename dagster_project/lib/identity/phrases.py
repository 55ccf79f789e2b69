"""Words for what identity knows, in English and Chinese.

Belongs here: how a thing is called. A type that a company adds has no word here and is called by
its code. Does not belong here: what is told and in which order (story.py, preview_report.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

LANGUAGES = ("en", "zh")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip

_RECORDS: dict[str, tuple[str, str]] = {
    "crm_lead": ("CRM lead", "CRM线索"),
    "crm_contact": ("CRM contact", "CRM联系人"),
    "crm_account": ("CRM account", "CRM客户"),
    "form_submission": ("web form", "网页表单"),
    "call": ("phone call", "通话"),
    "wecom_contact": ("WeCom contact", "企业微信联系人"),
    "event_attendance": ("event registration", "活动报名"),
    "social_touch": ("social media follower", "社媒粉丝"),
    "message_recipient": ("recipient of our messages", "消息收件人"),
    "web_visitor": ("web browser", "网站浏览器"),
}
# The evidence, and the sentence when "same … as …" doesn't fit. {other}: the other record.
_EVIDENCE: dict[str, tuple[str, str]] = {
    "must_link": ("decision of a colleague", "人工判定"),
    "account_must_link": ("decision of a colleague", "人工判定"),
    "crm_contact_id": ("CRM contact", "CRM联系人编号"),
    "crm_lead_id": ("CRM lead", "CRM线索编号"),
    "crm_account_id": ("CRM account", "CRM客户编号"),
    "crm_lead_merge": ("merge in the CRM", "CRM合并记录"),
    "crm_contact_merge": ("merge in the CRM", "CRM合并记录"),
    "crm_account_merge": ("merge in the CRM", "CRM合并记录"),
    "external_person_id": ("external person id", "外部人员编号"),
    "external_account_id": ("external company id", "外部企业编号"),
    "social_security_number": ("social security number", "社会保障号"),
    "unionid": ("WeChat unionid", "微信unionid"),
    "external_userid": ("WeCom contact id", "企业微信外部联系人编号"),
    "openid": ("WeChat openid", "微信openid"),
    "email": ("e-mail address", "邮箱"),
    "mobile": ("mobile number", "手机号"),
    "name_birth_date": ("name and birth date", "姓名与生日"),
    "visitor": ("browser (cookie)", "浏览器（Cookie）"),
    "name_company": ("name and company", "姓名与公司"),
    "credit_code": ("unified social credit code", "统一社会信用代码"),
    "company_legal_key": ("legal name of the company", "公司全称"),
    "domain": ("company domain", "公司域名"),
    "switchboard": ("switchboard", "总机号码"),
    "role_mailbox": ("shared mailbox of the company", "公司公共邮箱"),
}
_TIES: dict[str, tuple[str, str]] = {
    "must_link": ("a colleague decided it is one with {other}", "人工判定与{other}为同一人"),
    "account_must_link": (
        "a colleague decided it is one with {other}",
        "人工判定与{other}为同一客户",
    ),
    "crm_contact_id": ("points to the same CRM contact as {other}", "与{other}指向同一CRM联系人"),
    "crm_lead_id": ("points to the same CRM lead as {other}", "与{other}指向同一CRM线索"),
    "crm_account_id": ("points to the same CRM account as {other}", "与{other}指向同一CRM客户"),
    "crm_lead_merge": ("merged in the CRM with {other}", "在CRM中与{other}合并"),
    "crm_contact_merge": ("merged in the CRM with {other}", "在CRM中与{other}合并"),
    "crm_account_merge": ("merged in the CRM with {other}", "在CRM中与{other}合并"),
    "": ("same {evidence} as {other}", "与{other}的{evidence}相同"),
}
_ROLES: dict[str, tuple[str, str]] = {
    "decision_maker": ("decision maker", "决策者"),
    "influencer": ("influencer", "影响者"),
    "technical_evaluator": ("technical evaluator", "技术评估者"),
    "buyer": ("buyer", "采购"),
    "user": ("user", "使用者"),
}
_REASONS: dict[str, tuple[str, str]] = {
    "cannot_link": ("a colleague decided they are not one", "人工判定不是同一个"),
    "other_name": ("the names differ", "姓名不同"),
    "too_many": ("it would have too many ids of that kind", "同类编号过多"),
}
_REVIEWS: dict[str, tuple[str, str]] = {
    "shared_value": ("value that several share", "多方共用的标识"),
    "bridge": ("single identifier that holds two parts together", "单一标识连接两部分"),
    "crowded_entity": ("unusually many records", "记录异常偏多"),
    "unknown_record": ("decision about an unknown record", "针对未知记录的决定"),
    "ambiguous_company": ("company name that may mean several", "含义不明的公司名"),
    "candidate_pair": ("likely the same person as another one", "疑似与他人为同一人"),
}
_SEVERITIES: dict[str, tuple[str, str]] = {
    "notice": ("notice", "提示"),
    "warning": ("warning", "警告"),
    "alarm": ("alarm", "警报"),
}


@dataclass(frozen=True)
class Words:
    """One language, and the time zone in which dates are told."""

    language: str
    zone: ZoneInfo

    def pick(self, english: str, chinese: str) -> str:
        """The one of two texts that is in this language."""
        return chinese if self.language == "zh" else english

    def local(self, instant: datetime) -> datetime:
        """A UTC instant without a zone as wall-clock time of the business."""
        return instant.replace(tzinfo=UTC).astimezone(self.zone)

    def day(self, instant: datetime) -> str:
        """`3 March 2025`, `2025年3月3日`."""
        day = self.local(instant)
        english = f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
        return self.pick(english, f"{day.year}年{day.month}月{day.day}日")

    def iso_day(self, instant: datetime) -> str:
        """`2025-03-03`."""
        return f"{self.local(instant):%Y-%m-%d}"

    def record(self, kind: str) -> str:
        """Kind of a record in plain words."""
        return self._named(_RECORDS, kind)

    def evidence(self, kind: str) -> str:
        """Kind of an identifier in plain words."""
        return self._named(_EVIDENCE, kind)

    def tie(self, kind: str, other: str) -> str:
        """Why a record is one with `other`, words for which the caller has."""
        text = self._named(_TIES, kind if kind in _TIES else "")
        return text.format(evidence=self.evidence(kind), other=other)

    def role(self, code: str) -> str:
        """A buying role."""
        return self._named(_ROLES, code)

    def reason(self, code: str) -> str:
        """Why a guard refuses an edge."""
        return self._named(_REASONS, code)

    def review(self, kind: str) -> str:
        """Kind of a case that a human should look at."""
        return self._named(_REVIEWS, kind)

    def severity(self, code: str) -> str:
        """How urgent such a case is."""
        return self._named(_SEVERITIES, code)

    def channel(self, code: str, english: str | None, chinese: str | None) -> str:
        """A channel by its label."""
        return self.pick(english or code, chinese or code)

    def _named(self, names: Mapping[str, tuple[str, str]], code: str) -> str:
        return self.pick(*names.get(code, (code.replace("_", " "), code)))
