"""The 835 beside a disbursement, for a provider who gets it by another way than a mailbox of ours."""

from edi.errors import EdiError
from pipeline.domain.errors import CallerError, Conflict, NotKnown
from pipeline.domain.payment import OUT
from pipeline.services.permitted import permitted
from pipeline.stages import advising
from pipeline.stages.context import Context
from pipeline.store import audit, disbursements, tenants


def advice(ctx: Context, org_id: int, actor: str, payment_id: int) -> bytes:
    """The set from ST to SE; that it was taken out is written down. Raises NotKnown, NotAllowed, CallerError (X12 cannot
    carry it) and Conflict: the money has not left, or the payer's own 835 cannot be read any more.
    """
    with ctx.database.tenant(org_id, actor) as tx:
        permitted(tx, actor, "payments.prepare")
        found = disbursements.passed(tx, payment_id)
        if found is None:
            raise NotKnown(f"there is no disbursement {payment_id}")
        if found.state not in OUT:
            raise Conflict(f"payment {payment_id} is {found.state}: its 835 is told once the money has left")
        try:
            data = advising.written(ctx, tx, tenants.mailbox(tx, found.mailbox_id), found)
        except EdiError as error:
            raise CallerError(f"no 835 can be made beside payment {payment_id}: {error}") from None
        audit.note(tx, "payment.advice", "payment", payment_id)
    return data
