// ECharts in one file has no types of its own: they are those of its modules.
declare module 'echarts/dist/echarts.common.js' {
  export * from 'echarts';
}
