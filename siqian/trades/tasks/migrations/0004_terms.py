"""Clocks that ran before terms were kept: the term is read back from start and due time."""

from django.db import migrations

from siqian.kernel.deadline import Term, due


def read_back(apps, editor) -> None:
    tasks = apps.get_model("tasks", "Task").objects.using(editor.connection.alias)
    for row in tasks.filter(what="settle", minutes=None, working_days=None).only("started", "due").iterator():
        days = next((days for days in range(1, 61) if due(row.started, Term.working_days(days)) == row.due), None)
        lasting = {"working_days": days} if days else {"minutes": round((row.due - row.started).total_seconds() / 60)}
        tasks.filter(id=row.id).update(**lasting)


class Migration(migrations.Migration):
    dependencies = [("tasks", "0003_pauses")]
    operations = [migrations.RunPython(read_back, migrations.RunPython.noop)]
