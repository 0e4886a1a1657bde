/** A small input file: one line of 25 m in two pipes, one leak and its controller. Overrides replace whole statements. */
export function tinyGenkey(change: Partial<Record<'integration' | 'leak' | 'controller' | 'connection' | 'pipes' | 'extra', string>> = {}): string {
  const {
    integration = 'INTEGRATION STARTTIME=0 s, ENDTIME=10 s',
    leak = ' LEAK LABEL=HOLE, ABSPOSITION=12 m, TIME=0 s, BACKPRESSURE=0 psig, DIAMETER=20 mm',
    controller = ' PARAMETERS LABEL="Control - hole", TIME=(0, 1, 3) s, SETPOINT=(0, 1, 0), STROKETIME=1 s',
    connection = 'CONNECTION TERMINALS = (MANUALCONTROLLER_1 CONTR_1, FLOWPATH_1 HOLE@VALVESIG)',
    pipes = ' PIPE LABEL="PIPE-1", NSEGMENT=1, LENGTH=10 m, ELEVATION=1 m, DIAMETER=20 cm\n POSITION LABEL="P-1", ABSPOSITION=7 m\n PIPE LABEL="PIPE-2", NSEGMENT=1, LENGTH=15 m, ELEVATION=-3 m, DIAMETER=0.2 m',
    extra = '',
  } = change;
  return [
    '', '! Generated with OLGA version 2099.1.0', '! Global keywords', integration,
    'NETWORKCOMPONENT TYPE=FLOWPATH, TAG=FLOWPATH_1', ' PARAMETERS LABEL=Line', pipes, leak, 'ENDNETWORKCOMPONENT',
    'NETWORKCOMPONENT TYPE=MANUALCONTROLLER, TAG=MANUALCONTROLLER_1', controller, 'ENDNETWORKCOMPONENT',
    extra, connection, 'ENDCASE', '',
  ].join('\n');
}
