"""Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2): services, reports, their course, in XML and JSON.

Words: service 可以报的事, attribute 还要问的, report 一次上报, token 取号凭条, update 进展, discovery 服务发现.
"""
