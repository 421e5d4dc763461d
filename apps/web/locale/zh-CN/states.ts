import type { Messages } from "../locales.ts";

export const states: Messages["states"] = {
  loading: "加载中…",
  retry: "重试",
  errorTitle: "内容加载失败",
  errorCode: "错误码 {code}",
  errorWithoutAnswer: "平台没有响应。",
  errorWithoutAnswerRemedy: "请检查网络连接；页面会自动重试。",
  stale: "显示的是 {time} 的数据，未能刷新。",
  forbiddenTitle: "您的角色无权打开此页面",
  forbiddenLead: "需要以下角色之一：{roles}。请联系平台管理员开通。",
  missingTitle: "该地址没有页面",
  unreachableTitle: "无法连接平台",
  home: "返回首页",
};
