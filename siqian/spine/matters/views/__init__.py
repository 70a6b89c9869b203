"""Pages of matters: of whoever told, of staff, and off the straight way."""

from django.urls import path

from . import aside, desk, teller

urlpatterns = [
    path("matters", teller.mine, name="mine"),
    path("receipts", teller.receipt, name="receipt"),
    path("matters/<str:number>", teller.matter, name="matter"),
    path("matters/<str:number>/remarks", teller.remark, name="remark"),
    path("matters/<str:number>/urging", teller.urge, name="urge"),
    path("matters/<str:number>/withdrawal", teller.withdraw, name="withdraw"),
    path("matters/<str:number>/rating", teller.rate, name="rate"),
    path("matters/<str:number>/parting", teller.part_mine, name="part-mine"),
    path("matters/<str:number>/photos/<str:sha256>", teller.photo, name="photo"),
    path("desk/matters", desk.all_matters, name="all"),
    path("desk/acceptances", desk.accept_many, name="accept-many"),
    path("desk/contacts", desk.contact_many, name="contact-many"),
    path("desk/matters/<str:number>", desk.desk, name="desk"),
    path("desk/matters/<str:number>/acceptance", desk.accept, name="accept"),
    path("desk/matters/<str:number>/contacts", desk.contact, name="contact"),
    path("desk/matters/<str:number>/notes", desk.note, name="note"),
    path("desk/matters/<str:number>/closure", desk.close, name="close"),
    path("desk/matters/<str:number>/assignment", desk.assign, name="assign"),
    path("desk/matters/<str:number>/kind", desk.sort, name="sort"),
    path("desk/matters/<str:number>/transfer", desk.move, name="move"),
    path("desk/matters/<str:number>/parting", desk.part, name="part"),
    path("desk/matters/<str:number>/looks", desk.look, name="look"),
    path("ledger", teller.ledger, name="ledger"),
    path("desk/rulings", aside.rulings, name="rulings"),
    path("desk/rulings/<str:number>", aside.ruling, name="ruling"),
    path("desk/callbacks", aside.callbacks, name="callbacks"),
    path("desk/matters/<str:number>/requests", aside.ask, name="ask"),
    path("desk/matters/<str:number>/ruling", aside.rule, name="rule"),
    path("desk/matters/<str:number>/hold", aside.hold, name="hold"),
    path("desk/matters/<str:number>/resumption", aside.resume, name="resume"),
    path("desk/matters/<str:number>/stage-answer", aside.stage, name="stage"),
    path("desk/matters/<str:number>/review", aside.review, name="review"),
    path("desk/matters/<str:number>/uptake", aside.take_up, name="take-up"),
    path("desk/matters/<str:number>/check", aside.check, name="check"),
    path("desk/matters/<str:number>/supervision", aside.supervise, name="supervise"),
    path("desk/matters/<str:number>/call", aside.call_back, name="call-back"),
]
