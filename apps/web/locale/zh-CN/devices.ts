import type { Messages } from "../locales.ts";

export const devices: Messages["devices"] = {
  title: "设备",
  count: "{count} 台设备",
  search: "搜索设备、名称或馈线",
  refresh: "刷新",
  column: {
    device: "设备",
    name: "名称",
    feeder: "馈线",
    ratedVoltage: "额定电压",
    lastReading: "最近读数",
    power: "有功功率",
    voltage: "电压",
    energy: "当日用电量",
  },
  energyDay: "{day} 用电量",
  recent: "最近值取自 {time} 之后；更久未上报的设备显示短横线。",
  empty: "尚未登记设备",
  emptyLead: "通过主数据导入登记设备后，会立即显示在这里。",
  emptySearch: "没有与“{q}”匹配的设备",
  emptySearchLead: "搜索范围为设备、名称和馈线。",
  clear: "清除搜索",
  zone: "时间为 {zone}；用电量按 {gridZone} 日统计",
};
