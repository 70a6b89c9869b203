"""The roster as pages: one's own days and the week, leave and swaps, a week from a file."""

from django.urls import path

from . import sheets, weeks

urlpatterns = [
    path("desk/roster", weeks.roster, name="roster"),
    path("desk/roster/list.csv", weeks.as_csv, name="roster-csv"),
    path("desk/roster/ask", weeks.ask, name="roster-ask"),
    path("desk/roster/reliefs/<int:number>", weeks.relief, name="relief"),
    path("desk/roster/reliefs/<int:number>/agreement", weeks.agreement, name="relief-agreement"),
    path("desk/roster/reliefs/<int:number>/declining", weeks.declining, name="relief-declining"),
    path("desk/roster/reliefs/<int:number>/approval", weeks.approval, name="relief-approval"),
    path("desk/roster/reliefs/<int:number>/refusal", weeks.refusal, name="relief-refusal"),
    path("desk/roster/reliefs/<int:number>/withdrawal", weeks.withdrawal, name="relief-withdrawal"),
    path("desk/roster/sheets", sheets.sheets, name="roster-sheets"),
    path("desk/roster/sheets/<int:number>", sheets.sheet, name="roster-sheet"),
    path("desk/roster/sheets/<int:number>/reading", sheets.reading, name="roster-sheet-reading"),
    path("desk/roster/sheets/<int:number>/uptake", sheets.uptake, name="roster-sheet-uptake"),
    path("desk/roster/sheets/<int:number>/removal", sheets.removal, name="roster-sheet-removal"),
]
