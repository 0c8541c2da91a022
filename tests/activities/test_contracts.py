"""Workflows know adapters by name only; here the names, the inputs and the outputs meet."""

import shutil
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.assembly import open_adapters
from domain.effects import (
    COMPILE_TERMS,
    RECORD_CASE,
    TELL_CUSTOMER,
    TELL_STAFF,
    TELL_VENDOR,
    Delivery,
    DeliveryReport,
    EffectKind,
    OutcomeStatus,
    Recipient,
)
from domain.frozen import Frozen
from domain.record import RecordBatch, RecordReceipt, row_of
from domain.terms import TermsAnswer, TermsRequest
from starter.rehearse.server import start_server
from tests.activities.builders import AT, effect, whole_case
from tests.activities.desk import settings
from tests.activities.mail_system import MailSystem

LIMIT = timedelta(seconds=30)


class Asked(Frozen):
    customer: Delivery
    staff: Delivery
    vendor: Delivery
    batch: RecordBatch
    terms: TermsRequest


class Answered(Frozen):
    customer: DeliveryReport
    staff: DeliveryReport
    vendor: DeliveryReport
    receipt: RecordReceipt
    terms: TermsAnswer


@workflow.defn
class AsksEverything:
    """Calls each contract the way case workflows do."""

    @workflow.run
    async def run(self, asked: Asked) -> Answered:
        terms = await workflow.execute_local_activity(
            COMPILE_TERMS, asked.terms, result_type=TermsAnswer, start_to_close_timeout=LIMIT
        )
        receipt = await workflow.execute_local_activity(
            RECORD_CASE, asked.batch, result_type=RecordReceipt, start_to_close_timeout=LIMIT
        )
        customer, staff, vendor = [
            await workflow.execute_activity(
                name, delivery, result_type=DeliveryReport, start_to_close_timeout=LIMIT
            )
            for name, delivery in (
                (TELL_CUSTOMER, asked.customer),
                (TELL_STAFF, asked.staff),
                (TELL_VENDOR, asked.vendor),
            )
        ]
        return Answered(customer=customer, staff=staff, vendor=vendor, receipt=receipt, terms=terms)


async def test_every_contract_is_served_by_its_name(tmp_path: Path, mail_system: MailSystem) -> None:
    case, entries = await whole_case()
    news = effect(facts=effect().facts.model_copy(update={"text": None, "text_entry": 1}))
    asked = Asked(
        customer=Delivery(effects=(news,)),
        staff=Delivery(effects=(effect(kind=EffectKind.BREACH_NOTICE, to=Recipient.TSS),)),
        vendor=Delivery(effects=(effect(kind=EffectKind.VENDOR_TICKET, to=Recipient.VENDOR),)),
        batch=RecordBatch(row=row_of(case), entries=entries, case=case),
        terms=TermsRequest(policy="rhipe-csp", at=AT),
    )
    server = shutil.which("temporal-test-server", path=str(Path(sys.executable).parent))
    if server is None:
        pytest.skip("the time-skipping server has no wheel for this platform")
    store = f"sqlite:///{tmp_path / 'cases.db'}"
    adapters = await open_adapters(
        settings(store_url=store, smtp_port=mail_system.port, follow_the_sun=False)
    )
    async with (
        await start_server() as environment,
        Worker(
            environment.client,
            task_queue="contracts",
            workflows=[AsksEverything],
            activities=adapters.activities,
            workflow_runner=UnsandboxedWorkflowRunner(),
        ),
    ):
        answered: Answered = await environment.client.execute_workflow(
            AsksEverything.run, asked, id="contracts", task_queue="contracts"
        )
    assert answered.terms.terms == case.terms
    assert answered.receipt.version == case.version
    assert [outcome.status for outcome in answered.customer.outcomes] == [OutcomeStatus.DELIVERED]
    assert [outcome.status for outcome in answered.staff.outcomes] == [OutcomeStatus.UNDELIVERABLE]
    assert "SUNRELAY_TSS_ADDRESS" in (answered.staff.outcomes[0].reason or "")
    assert "SUNRELAY_VENDOR_CONFIG" in (answered.vendor.outcomes[0].reason or "")
    assert await adapters.store.case_record(case.id) == case
    assert len(mail_system.taken) == 1
    await adapters.close()
