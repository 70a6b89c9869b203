"""Every address of the house, composed."""

from django.urls import include, path

from siqian.insight.atlas import views as atlas
from siqian.insight.bounds import views as bounds
from siqian.insight.brain import views as brain
from siqian.insight.mine import views as mine
from siqian.insight.offices import views as offices
from siqian.insight.review import views as review
from siqian.insight.rosters import views as rosters
from siqian.insight.topics import views as topics
from siqian.insight.workbench import views as workbench
from siqian.intake import views as intake
from siqian.services.benefits import views as benefits
from siqian.services.care import views as care
from siqian.services.passes import views as passes
from siqian.services.sensing import views as sensing
from siqian.services.visits import views as visits
from siqian.spine.answers import views as answers
from siqian.spine.learn import views as learning
from siqian.spine.matters import views as matters
from siqian.town.people import views as people
from siqian.trades.notices import views as notices
from siqian.trades.papers import views as papers

from . import views
from .api import api

handler404 = "siqian.web.views.lost"
handler500 = "siqian.web.views.broken"

urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in", views.sign_in, name="sign-in"),
    path("password", views.password, name="password"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("home", views.home_place, name="home-place"),
    path("language", views.language, name="language"),
    path("roles", views.role_list, name="roles"),
    path("roles/taken", views.take_role, name="take-role"),
    path("notices", views.notice_list, name="notices"),
    path("outbox", views.outbox, name="outbox"),
    path("health", views.health, name="health"),
    path("api/", api.urls),
    path("", include((people.urlpatterns, "people"))),
    path("", include((notices.urlpatterns, "own-notices"))),
    path("", include((intake.urlpatterns, "intake"))),
    path("", include((answers.urlpatterns, "answers"))),
    path("", include((learning.urlpatterns, "learning"))),
    path("", include((matters.urlpatterns, "matters"))),
    path("", include((papers.urlpatterns, "papers"))),
    path("", include((visits.urlpatterns, "visits"))),
    path("", include((sensing.urlpatterns, "sensing"))),
    path("", include((care.urlpatterns, "care"))),
    path("", include((benefits.urlpatterns, "benefits"))),
    path("", include((passes.urlpatterns, "passes"))),
    path("", include((workbench.urlpatterns, "workbench"))),
    path("", include((rosters.urlpatterns, "rosters"))),
    path("", include((bounds.urlpatterns, "bounds"))),
    path("", include((offices.urlpatterns, "offices"))),
    path("", include((brain.urlpatterns, "brain"))),
    path("", include((review.urlpatterns, "review"))),
    path("", include((atlas.urlpatterns, "atlas"))),
    path("", include((mine.urlpatterns, "mine"))),
    path("", include((topics.urlpatterns, "topics"))),
]
