"""Feedback: anybody may leave some; reading and deleting need the operator's token."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
)

from app.game.fields import Complaint, whole
from app.game.refusals import Kind, Refusal
from app.game.said import say
from app.web import allowances, answers
from app.web.identity import the_table
from app.web.operator import refuse_others

blueprint = Blueprint("feedback", __name__)

LONGEST = 1000


@blueprint.get("/feedback")
def show() -> Response:
    """The form; for the operator everything that was left."""
    if "Authorization" not in request.headers:
        return make_response(_form("", {}, thanks="thanks" in request.args))
    refuse_others()
    table = the_table()
    with table.storage_faults():
        left = table.storage.list_feedback()
    return jsonify([{"id": f.id, "at": f.at, "text": f.text} for f in left])


@blueprint.post("/feedback")
def leave() -> Response:
    """Keep 1 to 1000 characters, and no address. With ``delete``: the operator removes some."""
    table = the_table()
    if "delete" in request.form:
        refuse_others()
        try:
            number = whole(1, 10**9 - 1)(request.form["delete"])
        except Complaint as complaint:
            raise Refusal("no-such-feedback", complaint.sentence, Kind.NOT_FOUND) from complaint
        with table.storage_faults():
            if not table.storage.delete_feedback(number):
                raise Refusal("no-such-feedback", say("There is no such feedback."), Kind.NOT_FOUND)
        return make_response("", 204)
    allowances.spend(allowances.FEEDBACK)
    complaints: dict[str, str] = {
        field: say("This form has no such field.") for field in request.form if field != "text"
    }
    text = request.form.get("text", "").replace("\r\n", "\n").strip()
    if len(request.form.getlist("text")) > 1:
        complaints["text"] = say("Once is enough.")
    elif not 1 <= len(text) <= LONGEST:
        complaints["text"] = say("1 to %(count)s characters, please.", count=LONGEST)
    elif any(ord(c) < ord(" ") and c not in "\n\t" for c in text):
        complaints["text"] = say("Plain characters only, please.")
    if complaints:
        return answers.form_again(_form(text, complaints, thanks=False), complaints)
    with table.storage_faults():
        table.storage.add_feedback(g.at, text, g.client)
    return make_response(redirect("/feedback?thanks", 303))


def _form(text: str, complaints: dict[str, str], *, thanks: bool) -> str:
    return render_template(
        "screens/feedback.html",
        given={"text": text},
        typed={"text": text},
        complaints=complaints,
        refused="form-feedback" if complaints else "",
        thanks=thanks,
    )
