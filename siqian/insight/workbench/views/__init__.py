"""Pages of the workbench: what is to be done today, the end of a shift, and the responsibility list with its editions."""

from django.urls import path

from . import editions, handover, listing, manning, todo

urlpatterns = [
    path("desk", todo.todo, name="todo"),
    path("desk/peeks/<str:number>", todo.peek, name="peek"),
    path("desk/filters", todo.kept, name="filters"),
    path("desk/filters/new", todo.save, name="filter-save"),
    path("desk/filters/<int:number>/name", todo.rename, name="filter-rename"),
    path("desk/filters/<int:number>/removal", todo.drop, name="filter-drop"),
    path("desk/duty", manning.duty, name="duty"),
    path("desk/duty/list.csv", manning.as_csv, name="duty-csv"),
    path("desk/handover", handover.shift, name="handover"),
    path("desk/handovers", handover.write, name="handover-write"),
    path("desk/handovers/<int:number>", handover.handed, name="handed"),
    path("desk/handovers/<int:number>/uptake", handover.take, name="handover-take"),
    path("desk/remit", listing.listing, name="remit"),
    path("desk/remit/rules", listing.table, name="remit-rules"),
    path("desk/remit/list.csv", listing.as_csv, name="remit-csv"),
    path("desk/remit/list.xlsx", listing.as_excel, name="remit-excel"),
    path("desk/remit/items/<str:code>", listing.item, name="remit-item"),
    path("desk/remit/editions", editions.drafts, name="edition-drafts"),
    path("desk/remit/precedents", editions.from_precedent, name="edition-precedent"),
    path("desk/remit/editions/<int:number>", editions.edition, name="edition"),
    path("desk/remit/editions/<int:number>/head", editions.head, name="edition-head"),
    path("desk/remit/editions/<int:number>/items/<str:code>", editions.item, name="edition-item"),
    path("desk/remit/editions/<int:number>/rules/<str:code>", editions.rule, name="edition-rule"),
    path("desk/remit/editions/<int:number>/drops", editions.drop, name="edition-drop"),
    path("desk/remit/editions/<int:number>/leavings", editions.leave, name="edition-leave"),
    path("desk/remit/editions/<int:number>/checks", editions.check, name="edition-check"),
    path("desk/remit/editions/<int:number>/approval", editions.approve, name="edition-approve"),
    path("desk/remit/editions/<int:number>/withdrawal", editions.withdraw, name="edition-withdraw"),
]
