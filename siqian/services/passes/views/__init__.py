"""Pages of passes: the courier's, the gate's, the estate manager's, the employer's, the studio's."""

from django.urls import path

from siqian.ui.pages import form, post

from . import compounds, couriers, employers, gates, incidents, studio

urlpatterns = [
    path("pass", couriers.pass_, name="pass"),
    path("pass/registration", post(couriers.ask), name="pass-ask"),
    path("pass/phone", post(couriers.phone), name="pass-phone"),
    path("pass/loss", post(couriers.lose), name="pass-lose"),
    path("pass/end", post(couriers.end), name="pass-end"),
    path("pass/complaint", form(couriers.complain), name="pass-complain"),
    path("pass/troubles/<int:number>/account", post(incidents.hear), name="trouble-hear"),
    path("pass/troubles/<int:number>/appeal", post(incidents.appeal), name="trouble-appeal"),
    path("desk/compounds/<str:code>/troubles", post(incidents.report), name="trouble-report"),
    path("desk/pass-troubles", incidents.troubles, name="troubles"),
    path("desk/pass-troubles/<int:number>/decision", post(incidents.decide), name="trouble-decide"),
    path("desk/pass-troubles/<int:number>/ruling", post(incidents.rule), name="trouble-rule"),
    path("desk/pass-names", form(incidents.names), name="pass-names"),
    path("desk/pass-names/<int:number>/confirmation", post(incidents.confirm), name="pass-name-confirm"),
    path("desk/pass-names/<int:number>/look", post(incidents.look), name="pass-name-look"),
    path("desk/pass-names/<int:number>/review", post(incidents.review), name="pass-name-review"),
    path("pass-worker.js", couriers.worker, name="pass-worker"),
    path("gates/<str:code>", couriers.at_gate, name="pass-gate"),
    path("gates/<str:code>/entry", post(couriers.entry), name="pass-entry"),
    path("gate", gates.gate, name="gate"),
    path("gate/binding", post(gates.bind), name="gate-bind"),
    path("gate-worker.js", gates.worker, name="gate-worker"),
    path("desk/couriers", studio.couriers, name="studio"),
    path("desk/couriers/attestation", post(studio.attest), name="studio-attest"),
    path("desk/couriers/refusal", post(studio.decline), name="studio-decline"),
    path("desk/couriers/card", post(studio.register), name="studio-card"),
    path("desk/compounds", compounds.compounds, name="compounds"),
    path("desk/compounds/<str:code>", compounds.compound, name="compound"),
    path("desk/compounds/<str:code>/rules", post(compounds.rule), name="compound-rule"),
    path("desk/compounds/<str:code>/gates", post(compounds.open_gate), name="compound-gate"),
    path("desk/compounds/<str:code>/locks", post(compounds.lock), name="compound-lock"),
    path("desk/locks/<int:number>/confirmation", post(compounds.confirm), name="lock-confirm"),
    path("desk/locks/<int:number>/end", post(compounds.unlock), name="lock-end"),
    path("desk/gates/<str:code>/binding", post(compounds.binding), name="gate-binding"),
    path("desk/gates/<str:code>/end", post(compounds.end_gate), name="gate-end"),
    path("desk/gates/<str:code>/sign", compounds.sign, name="gate-sign"),
    path("employer", employers.employer, name="employer"),
    path("employer/couriers.csv", employers.as_csv, name="employer-csv"),
    path("employer/attestation", post(employers.attest), name="employer-attest"),
    path("employer/suspension", post(employers.suspend), name="employer-suspend"),
    path("employer/resumption", post(employers.resume), name="employer-resume"),
    path("employer/end", post(employers.end), name="employer-end"),
    path("employer/token", post(employers.token), name="employer-token"),
]
