"""The trend as a drawing."""

from django import template

from reports.trend import Trend
from reports.trend_chart import TrendChart

register = template.Library()


@register.filter
def chart(trend: Trend) -> TrendChart:
    """Return where each part of the drawing stands."""
    return TrendChart.of(trend)
