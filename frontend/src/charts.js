// Draws ECharts options that a page gives as JSON: <div data-lazy="charts" data-options="ID of a json_script"></div>
import { BarChart, LineChart, PieChart } from "echarts/charts";
import { AriaComponent, DatasetComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, PieChart, AriaComponent, DatasetComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

export function mount(element) {
  const chart = init(element, null, { renderer: "svg" });
  // Rich text is drawn, not inserted as HTML: the content security policy allows no inline styles.
  const options = JSON.parse(document.getElementById(element.dataset.options).textContent);
  chart.setOption({
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    aria: { enabled: true },
    ...options,
    tooltip: { renderMode: "richText", ...options.tooltip },
  });
  new ResizeObserver(() => chart.resize()).observe(element);
  return chart;
}
