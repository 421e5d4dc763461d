import { LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

// only what is drawn; whatever a new chart needs is registered here
use([LineChart, GridComponent, TooltipComponent, CanvasRenderer]);
