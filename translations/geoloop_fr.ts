<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
  <context>
    <name>GeoLoop</name>
    <message>
      <location filename="../plugin.py" />
      <source>Review…</source>
      <translation>Revue…</translation>
    </message>
    <message>
      <location filename="../plugin.py" />
      <source>Run a round of the loop…</source>
      <translation>Lancer un tour de la boucle…</translation>
    </message>
    <message>
      <location filename="../plugin.py" />
      <source>Engine…</source>
      <translation>Moteur…</translation>
    </message>
    <message>
      <location filename="../plugin.py" />
      <source>Add the example chains to the toolbox</source>
      <translation>Ajouter les chaînes d’exemple à la boîte à outils</translation>
    </message>
    <message>
      <location filename="../plugin.py" />
      <source>Options…</source>
      <translation>Options…</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithm.py" />
      <source>Engine</source>
      <translation>Moteur</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithm.py" />
      <source>Sources</source>
      <translation>Sources</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithm.py" />
      <source>Models</source>
      <translation>Modèles</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithm.py" />
      <source>Loop</source>
      <translation>Boucle</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithm.py" />
      <source>Review</source>
      <translation>Revue</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Align map layers with imagery</source>
      <translation>Aligner des couches de carte sur l’imagerie</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>alignment</source>
      <translation>alignement</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>shift</source>
      <translation>décalage</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>offset</source>
      <translation>décalage</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>registration</source>
      <translation>recalage</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>rubber sheet</source>
      <translation>déformation</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>conflation</source>
      <translation>appariement</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>georeferencer</source>
      <translation>géoréférenceur</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>buildings</source>
      <translation>bâtiments</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Moves the features of map layers to where the imagery shows them: by the smooth field of shifts that neighbours share, and by themselves where the imagery insists. A feature that the imagery does not show stays where it is. Which of the two is right, imagery or map, is not said.</source>
      <translation>Déplace les entités des couches de carte là où l’imagerie les montre : selon le champ lisse des décalages que des voisines partagent, et individuellement là où l’imagerie insiste. Une entité que l’imagerie ne montre pas reste où elle est. Lequel des deux a raison, imagerie ou carte, n’est pas dit.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Default: none, PROBABILITIES gives the grid.</source>
      <translation>Par défaut : aucune, PROBABILITIES donne la grille.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>What a model says of the imagery: a raster with one band a class, named by class, from 0 to 1, as geoloop:fuse or geoloop:predict writes it. Default: empty, a network is fitted on IMAGERY as in geoloop:fuse.</source>
      <translation>Ce qu’un modèle dit de l’imagerie : un raster avec une bande par classe, nommée d’après elle, de 0 à 1, comme geoloop:fuse ou geoloop:predict l’écrivent. Par défaut : vide, un réseau est ajusté sur IMAGERY comme dans geoloop:fuse.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>The vector layers to align, one at least. Each needs a CRS and a name of its own.</source>
      <translation>Les couches vectorielles à aligner, une au moins. Chacune a besoin d’un SCR et d’un nom à elle.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Whether the imagery looks at the ground at a slant, so that roofs do not lie above their footprints: nothing is moved then. Default: no.</source>
      <translation>Si l’imagerie voit le sol en oblique, de sorte que les toits ne sont pas au-dessus de leurs emprises : rien n’est alors déplacé. Par défaut : non.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>How far a feature may lie off, in metres on the ground; at most 40 pixels. Default: 10.</source>
      <translation>De combien une entité peut être décalée, en mètres au sol ; 40 pixels au plus. Par défaut : 10.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>The GeoPackage to write: a copy of each map layer with its features moved, a table each, named like the layer.</source>
      <translation>Le GeoPackage à écrire : une copie de chaque couche de carte aux entités déplacées, une table chacune, nommée comme la couche.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>The shifts as lines from where a feature lies to where it belongs, with the fields layer, key, dx_m and dy_m (metres eastward and northward), length_m, confidence (0 to 1), field_dx_m and field_dy_m (what neighbours share), alone and turn_deg (degrees clockwise). Default: not written.</source>
      <translation>Les décalages sous forme de lignes, d’où l’entité se trouve à où elle devrait être, avec les champs layer, key, dx_m et dy_m (mètres vers l’est et le nord), length_m, confidence (0 à 1), field_dx_m et field_dy_m (ce que les voisines partagent), alone et turn_deg (degrés dans le sens horaire). Par défaut : non écrit.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>The field that neighbours share as ground control points, for QGIS's georeferencer. Default: not written.</source>
      <translation>Le champ que les voisines partagent, sous forme de points de calage pour le géoréférenceur de QGIS. Par défaut : non écrit.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Features moved</source>
      <translation>Entités déplacées</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Neighbourhoods that lie off as a whole</source>
      <translation>Voisinages décalés dans leur ensemble</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>OUTPUT and SHIFTS name the same file; give them different names.</source>
      <translation>OUTPUT et SHIFTS nomment le même fichier ; donnez-leur des noms différents.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>MAP names no layer; give at least one to be aligned.</source>
      <translation>MAP ne nomme aucune couche ; donnez-en au moins une à aligner.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Neither IMAGERY nor PROBABILITIES names a layer; give one of them.</source>
      <translation>Ni IMAGERY ni PROBABILITIES ne nomme de couche ; donnez l’une des deux.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Class probabilities</source>
      <translation>Probabilités des classes</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Imagery is off nadir</source>
      <translation>L’imagerie est oblique</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Reach</source>
      <translation>Portée</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Moved copies</source>
      <translation>Copies déplacées</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>GeoPackage (*.gpkg)</source>
      <translation>GeoPackage (*.gpkg)</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Shifts</source>
      <translation>Décalages</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Control points</source>
      <translation>Points de calage</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Control points (*.points)</source>
      <translation>Points de calage (*.points)</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>Decide</source>
      <translation>Décider</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>review</source>
      <translation>revue</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>accept</source>
      <translation>accepter</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>reject</source>
      <translation>rejeter</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>ledger</source>
      <translation>registre</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>bulk</source>
      <translation>en masse</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>Records what a reviewer says of discrepancies: accept, reject or unsure. Decisions are appended to the ledger, all or none; nothing said earlier is overwritten, the newest one counts. Give either EXPRESSION, to decide all discrepancies it is true for, or REVIEWED, a layer that says the decision of each.</source>
      <translation>Consigne ce qu’un relecteur dit des désaccords : accept (accepter), reject (rejeter) ou unsure (incertain). Les décisions s’ajoutent au registre, toutes ou aucune ; rien de ce qui a été dit n’est écrasé, la plus récente compte. Donnez soit EXPRESSION, pour décider tous les désaccords qui la vérifient, soit REVIEWED, une couche qui donne la décision de chacun.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>Ledger</source>
      <translation>Registre</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>The ledger (GeoPackage) that holds the discrepancies.</source>
      <translation>Le registre (GeoPackage) qui contient les désaccords.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>Discrepancies to decide</source>
      <translation>Désaccords à décider</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>A QGIS expression over the ledger's layer 'review' (columns uid, kind, edit, class_now, class_proposed, probability, status, target_layer, area_m2 in square metres and more), for example "probability" &gt;= 0.9 AND "kind" = 'missing'. Discrepancies that have a decision already are decided again only if the expression speaks of "status"; those that a newer round has judged anew, or whose like was rejected, are decided only if it speaks of "round". Nothing of OpenStreetMap's layers (by the licence in SOURCES) is accepted so. Default: none.</source>
      <translation>Une expression QGIS sur la couche « review » du registre (colonnes uid, kind, edit, class_now, class_proposed, probability, status, target_layer, area_m2 en mètres carrés et d’autres), par exemple "probability" &gt;= 0.9 AND "kind" = 'missing'. Les désaccords déjà décidés ne le sont de nouveau que si l’expression parle de "status" ; ceux qu’un tour plus récent a jugés à nouveau, ou dont un semblable a été rejeté, ne sont décidés que si elle parle de "round". Rien des couches d’OpenStreetMap (d’après la licence dans SOURCES) n’est accepté ainsi. Par défaut : aucune.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>Reviewed layer</source>
      <translation>Couche relue</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>A layer or table with the columns uid and decision (accept, reject or unsure; empty: not reviewed yet) and, where wanted, reason and reviewer. What was changed before it was accepted stands in the columns proposal (the geometry as WKT, in the ledger's CRS) and values (a JSON object of columns and values); empty: as proposed. DECISION is not used then. Default: none.</source>
      <translation>Une couche ou table avec les colonnes uid et decision (accept, reject ou unsure ; vide : pas encore relu) et, au besoin, reason et reviewer. Ce qui a été changé avant d’être accepté est dans les colonnes proposal (la géométrie en WKT, dans le SCR du registre) et values (un objet JSON de colonnes et de valeurs) ; vide : comme proposé. DECISION n’est alors pas utilisé. Par défaut : aucune.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>Decision</source>
      <translation>Décision</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>What is decided where EXPRESSION is true: accept, reject or unsure. Default: accept.</source>
      <translation>Ce qui est décidé là où EXPRESSION est vraie : accept, reject ou unsure. Par défaut : accept.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>Reason</source>
      <translation>Raison</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>Why, in a few words; kept with each decision that has none of its own. Default: empty.</source>
      <translation>Pourquoi, en quelques mots ; gardé avec chaque décision qui n’en a pas. Par défaut : vide.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>Reviewer</source>
      <translation>Relecteur</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>Who decides; kept with each decision that names nobody itself. Default: empty.</source>
      <translation>Qui décide ; gardé avec chaque décision qui ne nomme personne. Par défaut : vide.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>Number of decisions recorded</source>
      <translation>Nombre de décisions consignées</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>Give either EXPRESSION or REVIEWED, so that it is said which discrepancies are decided.</source>
      <translation>Donnez soit EXPRESSION soit REVIEWED, pour dire quels désaccords sont décidés.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>No discrepancy was decided: none matches.</source>
      <translation>Aucun désaccord n’a été décidé : aucun ne correspond.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>The ledger {ledger} has no layer 'review'; name a ledger that GeoLoop made.</source>
      <translation>Le registre {ledger} n’a pas de couche « review » ; nommez un registre fait par GeoLoop.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>there is no column {column}</source>
      <translation>il n’y a pas de colonne {column}</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>EXPRESSION {text} cannot be used ({why}); mend it.</source>
      <translation>EXPRESSION {text} est inutilisable ({why}) ; corrigez-la.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>REVIEWED ({layer}) proposes for {uid} what is no valid geometry; mend it, or leave the column empty. Nothing was recorded.</source>
      <translation>REVIEWED ({layer}) propose pour {uid} ce qui n’est pas une géométrie valide ; corrigez-la, ou laissez la colonne vide. Rien n’a été consigné.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>The ledger {ledger} has no discrepancy {uid}; choose the ledger that REVIEWED came from. Nothing was recorded.</source>
      <translation>Le registre {ledger} n’a pas de désaccord {uid} ; choisissez le registre d’où vient REVIEWED. Rien n’a été consigné.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>EXPRESSION {text} cannot be used (it is neither true nor false, but {value}); mend it.</source>
      <translation>EXPRESSION {text} est inutilisable (ni vraie ni fausse, mais {value}) ; corrigez-la.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>REVIEWED ({layer}) has no column {name}; it needs the columns uid and decision.</source>
      <translation>REVIEWED ({layer}) n’a pas de colonne {name} ; il faut les colonnes uid et decision.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>REVIEWED ({layer}) says {word} of {uid}; a decision is accept, reject or unsure. Nothing was recorded.</source>
      <translation>REVIEWED ({layer}) dit {word} de {uid} ; une décision est accept, reject ou unsure. Rien n’a été consigné.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>REVIEWED ({layer}) has two rows of {uid} that do not say the same; keep one. Nothing was recorded.</source>
      <translation>REVIEWED ({layer}) a deux lignes pour {uid} qui ne disent pas la même chose ; gardez-en une. Rien n’a été consigné.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>{count} decisions are of features that nothing is flagged of (their uid is empty); they are left out: only the review dock records them.</source>
      <translation>{count} décisions portent sur des entités auxquelles rien n’est signalé (leur uid est vide) ; elles sont laissées de côté : seul le panneau de revue les enregistre.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>Examine the engine</source>
      <translation>Examiner le moteur</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>doctor</source>
      <translation>diagnostic</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>diagnosis</source>
      <translation>diagnostic</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>gpu</source>
      <translation>gpu</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>cuda</source>
      <translation>cuda</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>versions</source>
      <translation>versions</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>engine</source>
      <translation>moteur</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>Says which engine GeoLoop would use: interpreter, versions of its libraries, device, and free memory. A real computation is run on the device, and coordinate systems are really looked up, so that what is reported works.</source>
      <translation>Dit quel moteur GeoLoop utiliserait : interpréteur, versions de ses bibliothèques, appareil et mémoire libre. Un vrai calcul est fait sur l’appareil, et des systèmes de coordonnées sont vraiment cherchés, si bien que ce qui est annoncé fonctionne.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>The engine's interpreter</source>
      <translation>L’interpréteur du moteur</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>What named the interpreter</source>
      <translation>Ce qui a nommé l’interpréteur</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>Device</source>
      <translation>Appareil</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>Name of the device</source>
      <translation>Nom de l’appareil</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>CUDA compute capability of the device</source>
      <translation>Capacité de calcul CUDA de l’appareil</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>Threads that the CPU computes with</source>
      <translation>Fils avec lesquels le processeur calcule</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>Whether a computation on the device succeeded</source>
      <translation>Si un calcul sur l’appareil a réussi</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>Whether coordinate systems are found</source>
      <translation>Si les systèmes de coordonnées sont trouvés</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>Free memory (MB)</source>
      <translation>Mémoire libre (Mo)</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>Free memory of the device (MB)</source>
      <translation>Mémoire libre de l’appareil (Mo)</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>Versions of the engine's libraries (JSON)</source>
      <translation>Versions des bibliothèques du moteur (JSON)</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>The engine is {python}, named by {named_by}.</source>
      <translation>Le moteur est {python}, nommé par {named_by}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Embed imagery</source>
      <translation>Plonger l’imagerie</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>embedding</source>
      <translation>plongement</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>foundation model</source>
      <translation>modèle de fondation</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>similarity search</source>
      <translation>recherche de similarité</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>clustering</source>
      <translation>regroupement</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>urban form</source>
      <translation>forme urbaine</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>local climate zones</source>
      <translation>zones climatiques locales</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>galileo</source>
      <translation>galileo</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>presto</source>
      <translation>presto</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>satclip</source>
      <translation>satclip</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>moran</source>
      <translation>Moran</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>principal components</source>
      <translation>composantes principales</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Turns each block of imagery into what a public foundation model sees in it: components to make maps with, how like each place is to features that you choose, or groups for a typology. Written as a raster of blocks or as attributes of features. For each component Moran's I says whether it lies in patches or is noise.</source>
      <translation>Transforme chaque bloc de l’imagerie en ce qu’un modèle de fondation public y voit : des composantes pour en faire des cartes, combien chaque lieu ressemble à des entités que vous choisissez, ou des groupes pour une typologie. Écrit comme raster de blocs ou comme attributs d’entités. Pour chaque composante, le I de Moran dit si elle se trouve par taches ou si elle est du bruit.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>An encoder and the file of its public weights, such as galileo_nano:/data/encoder.pt, or the file alone where only one encoder fits it. The documentation lists them under Encoders and foundation models.</source>
      <translation>Un encodeur et le fichier de ses poids publics, comme galileo_nano:/data/encoder.pt, ou le fichier seul là où un seul encodeur lui convient. La documentation les énumère sous « Encoders and foundation models ».</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>The layer whose features are embedded, or hold the example. Default: none, blocks alone.</source>
      <translation>La couche dont les entités sont plongées, ou qui contient l’exemple. Par défaut : aucune, des blocs seulement.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>embed: the components themselves. similar: how like each place is to the features that LIKE picks. cluster: which group each place belongs to. Default: embed.</source>
      <translation>embed : les composantes elles-mêmes. similar : combien chaque lieu ressemble aux entités que LIKE choisit. cluster : à quel groupe appartient chaque lieu. Par défaut : embed.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Which features of MAP are the example for similar: an SQL condition, such as "name" = 'Old town'. Default: none.</source>
      <translation>Quelles entités de MAP sont l’exemple pour similar : une condition SQL, comme "name" = 'Old town'. Par défaut : aucune.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>How many groups cluster finds. Default: 8.</source>
      <translation>Combien de groupes cluster trouve. Par défaut : 8.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>How many components of the encoder's vectors are kept. Default: 16.</source>
      <translation>Combien de composantes des vecteurs de l’encodeur sont gardées. Par défaut : 16.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>The side of a block in pixels. Default: 0, the encoder's coarsest cells.</source>
      <translation>Le côté d’un bloc en pixels. Par défaut : 0, les cellules les plus grossières de l’encodeur.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Adds bands that say where on Earth a block lies, to a raster of embed: sphere, or a SatCLIP encoder with its file, such as satclip_vit16_l40:/data/satclip.ckpt. Default: empty, none.</source>
      <translation>Ajoute à un raster de embed des bandes qui disent où sur la Terre se trouve un bloc : sphere, ou un encodeur SatCLIP avec son fichier, comme satclip_vit16_l40:/data/satclip.ckpt. Par défaut : vide, aucune.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>What stands in for bands that the encoder cannot do without. refuse: nothing, the run stops. mean: their mean in pretraining. Default: refuse.</source>
      <translation>Ce qui remplace les bandes dont l’encodeur ne peut se passer. refuse : rien, le lancement s’arrête. mean : leur moyenne au préentraînement. Par défaut : refuse.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>A raster of blocks if it ends in .tif, the features of MAP with attributes if in .gpkg.</source>
      <translation>Un raster de blocs s’il finit par .tif, les entités de MAP avec des attributs s’il finit par .gpkg.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Moran's I of each component</source>
      <translation>I de Moran de chaque composante</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>To find what is similar, MAP must name a layer and LIKE pick features of it.</source>
      <translation>Pour trouver ce qui ressemble, MAP doit nommer une couche et LIKE en choisir des entités.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>To find what is similar, LIKE must pick the features of MAP that are the example.</source>
      <translation>Pour trouver ce qui ressemble, LIKE doit choisir les entités de MAP qui sont l’exemple.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Features</source>
      <translation>Entités</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Task</source>
      <translation>Tâche</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Example</source>
      <translation>Exemple</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Groups</source>
      <translation>Groupes</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Components</source>
      <translation>Composantes</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Block</source>
      <translation>Bloc</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Location encoder</source>
      <translation>Encodeur de lieu</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Bands that the imagery lacks</source>
      <translation>Bandes qui manquent à l’imagerie</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Embeddings</source>
      <translation>Plongements</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>GeoTIFF (*.tif);;GeoPackage (*.gpkg)</source>
      <translation>GeoTIFF (*.tif);;GeoPackage (*.gpkg)</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Encoder</source>
      <translation>Encodeur</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>LIKE is no valid condition: {like}; write one such as {example}.</source>
      <translation>LIKE n’est pas une condition valable : {like} ; en voici une : {example}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>Evaluate a map</source>
      <translation>Évaluer une carte</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>accuracy</source>
      <translation>exactitude</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>area</source>
      <translation>surface</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>confusion matrix</source>
      <translation>matrice de confusion</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>validation</source>
      <translation>validation</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>olofsson</source>
      <translation>olofsson</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>stehman</source>
      <translation>stehman</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>confidence interval</source>
      <translation>intervalle de confiance</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>Compares a class raster or a layer of areas with a reference sample and says, with 95 % intervals, how right the map is overall and class by class (user's and producer's accuracy, F1), and how large each class really is: counting pixels of a map that errs does not tell. Any probability sample will do; one that geoloop:sampledesign drew carries all that is needed.</source>
      <translation>Compare un raster de classes ou une couche de surfaces à un échantillon de référence et dit, avec des intervalles à 95 %, à quel point la carte est juste, globalement et classe par classe (exactitude pour l’utilisateur et pour le producteur, F1), et quelle est l’étendue réelle de chaque classe : compter les pixels d’une carte qui se trompe ne le dit pas. Tout échantillon probabiliste convient ; celui de geoloop:sampledesign porte tout ce qu’il faut.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>The map to evaluate: a raster of class codes, or a layer of areas.</source>
      <translation>La carte à évaluer : un raster de codes de classe, ou une couche de surfaces.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>Points or areas with the class that was found there. The fields that geoloop:sampledesign wrote say how they were drawn; a sample of your own needs at least inclusion_probability, and of strata stratum and stratum_units.</source>
      <translation>Points ou surfaces avec la classe qui y a été trouvée. Les champs écrits par geoloop:sampledesign disent comment ils ont été tirés ; un échantillon à vous a besoin au moins de inclusion_probability, et s’il est stratifié de stratum et stratum_units.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>The field with the class that was found: a name of the legend, or a code of the raster. Units without one are left out. Default: class_reference.</source>
      <translation>Le champ de la classe trouvée : un nom de la légende, ou un code du raster. Les unités qui n’en ont pas sont laissées de côté. Par défaut : class_reference.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>The classes and their rules: a JSON file, or one of the shipped legends, buildings and landcover. Default: empty, the names in the raster, else its codes; of a layer the values of CLASS_FIELD.</source>
      <translation>Les classes et leurs règles : un fichier JSON, ou l’une des légendes livrées, buildings et landcover. Par défaut : vide, les noms dans le raster, sinon ses codes ; d’une couche, les valeurs de CLASS_FIELD.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>Class field of the map</source>
      <translation>Champ de classe de la carte</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>For a layer of areas: the field that holds the class. Default: none, LEGEND reads the tags.</source>
      <translation>Pour une couche de surfaces : le champ de la classe. Par défaut : aucun, LEGEND lit les tags.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>A ledger that keeps the figures, for the loop's report. Default: none.</source>
      <translation>Un registre qui garde les chiffres, pour le rapport de la boucle. Par défaut : aucun.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>The figures as JSON; they are in the log too.</source>
      <translation>Les chiffres en JSON ; ils sont aussi dans le journal.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>Overall accuracy</source>
      <translation>Exactitude globale</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>Number of units</source>
      <translation>Nombre d’unités</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>Map</source>
      <translation>Carte</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>Reference sample</source>
      <translation>Échantillon de référence</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>Reference class</source>
      <translation>Classe de référence</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>Figures</source>
      <translation>Chiffres</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>JSON (*.json)</source>
      <translation>JSON (*.json)</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>REFERENCE: “{name}” is no vector layer.</source>
      <translation>REFERENCE : « {name} » n’est pas une couche vectorielle.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>REFERENCE: “{name}” has no field “{field}”; name the one with the class that was found in REFERENCE_FIELD.</source>
      <translation>REFERENCE : « {name} » n’a pas de champ « {field} » ; nommez dans REFERENCE_FIELD celui de la classe trouvée.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Exchange</source>
      <translation>Échanger</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>osm</source>
      <translation>osm</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>osmchange</source>
      <translation>osmchange</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>openstreetmap</source>
      <translation>openstreetmap</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>maproulette</source>
      <translation>maproulette</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>josm</source>
      <translation>josm</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>geojson</source>
      <translation>geojson</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>qfield</source>
      <translation>qfield</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>mergin</source>
      <translation>mergin</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>field</source>
      <translation>terrain</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>tasks</source>
      <translation>tâches</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>export</source>
      <translation>export</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Hands the ledger's discrepancies on: as an OsmChange file, a MapRoulette challenge, links for JOSM, GeoJSON, or tasks for QField and Mergin; and reads filled-in tasks back as a field layer. Nothing is uploaded and nobody is contacted. To OpenStreetMap go only discrepancies that a person accepted one by one in the review, never those decided in bulk, and only with ids and versions that EXTRACT holds; what is left out is counted with its reason. Every source must allow the export: set may_export in SOURCES.</source>
      <translation>Transmet les désaccords du registre : fichier OsmChange, défi MapRoulette, liens pour JOSM, GeoJSON, ou tâches pour QField et Mergin ; et relit les tâches remplies comme couche de terrain. Rien n’est envoyé et personne n’est contacté. Vers OpenStreetMap ne vont que les désaccords qu’une personne a acceptés un par un, jamais ceux décidés en masse, et seulement avec des identifiants et versions que contient EXTRACT ; ce qui est omis est compté avec sa raison. Chaque source doit permettre l’export : mettez may_export dans SOURCES.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Text</source>
      <translation>Texte</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>osmchange: edits for OpenStreetMap (.osc). maproulette: a cooperative challenge, one task a line (.geojson). josm: links for JOSM's remote control (.html or .txt). geojson: discrepancies with their evidence, in degrees. tasks: places to visit, for QField and Mergin (.gpkg). observations: filled-in TASKS as a field layer (.gpkg), with its SOURCES as JSON beside it. Default: geojson.</source>
      <translation>osmchange : modifications pour OpenStreetMap (.osc). maproulette : un défi coopératif, une tâche par ligne (.geojson). josm : liens pour la commande à distance de JOSM (.html ou .txt). geojson : désaccords avec leurs indices, en degrés. tasks : lieux à visiter, pour QField et Mergin (.gpkg). observations : TASKS remplies comme couche de terrain (.gpkg), avec ses SOURCES en JSON à côté. Par défaut : geojson.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>The layer whose discrepancies go out, by its name in the ledger. Default: empty, all layers; for osmchange, maproulette and josm the ledger's only one.</source>
      <translation>La couche dont les désaccords sortent, par son nom dans le registre. Par défaut : vide, toutes ; pour osmchange, maproulette et josm la seule du registre.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>The .osm or .osm.pbf file that the layer was made from, or a newer one, with objects' versions and all that lies around. Needed for osmchange and maproulette; for josm where keys are bare numbers. Default: none.</source>
      <translation>Le fichier .osm ou .osm.pbf d’où vient la couche, ou un plus récent, avec les versions des objets et tout ce qui est autour. Nécessaire pour osmchange et maproulette ; pour josm là où les clés sont de simples nombres. Par défaut : aucun.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>accepted: those that were accepted. undecided: those that are open or unsure, as for field tasks. all: both. OpenStreetMap's formats take accepted alone. Default: accepted.</source>
      <translation>accepted : ceux qui ont été acceptés. undecided : ouverts ou incertains, comme pour les tâches de terrain. all : les deux. Les formats d’OpenStreetMap ne prennent que accepted. Par défaut : accepted.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>What the ledger does not say of its sources, imagery among them. In the dialog “Fill in…” asks for it. As text: JSON, or the path of a JSON file, with an object by layer name, such as {"ortho": {"may_export": true, "licence": "CC BY 4.0"}}. It cannot overrule a no of the ledger. Default: empty.</source>
      <translation>Ce que le registre ne dit pas de ses sources, imagerie comprise. Dans la boîte de dialogue, « Remplir… » le demande. En texte : du JSON, ou le chemin d’un fichier JSON, avec un objet par nom de couche, comme {"ortho": {"may_export": true, "licence": "CC BY 4.0"}}. Il ne peut pas lever un non du registre. Par défaut : vide.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>The GeoPackage that came back from the field. Needed for observations. Default: none.</source>
      <translation>Le GeoPackage revenu du terrain. Nécessaire pour observations. Par défaut : aucun.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>What the changes are, for OpenStreetMap's mappers. Default: empty, a general sentence.</source>
      <translation>Ce que sont les changements, pour les contributeurs d’OpenStreetMap. Par défaut : vide, une phrase générale.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Whether the names of reviewers and surveyors are written too. Default: no.</source>
      <translation>Si les noms des relecteurs et des enquêteurs sont écrits aussi. Par défaut : non.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>The file to write; its ending must fit the format.</source>
      <translation>Le fichier à écrire ; son extension doit convenir au format.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>SOURCES of the field layer</source>
      <translation>SOURCES de la couche de terrain</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Discrepancies or visits written</source>
      <translation>Désaccords ou visites écrits</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Those left out</source>
      <translation>Ceux qui sont omis</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>FORMAT=observations needs TASKS, the GeoPackage that came back from the field.</source>
      <translation>FORMAT=observations a besoin de TASKS, le GeoPackage revenu du terrain.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Format</source>
      <translation>Format</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>OpenStreetMap extract</source>
      <translation>Extrait d’OpenStreetMap</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Which discrepancies</source>
      <translation>Quels désaccords</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Filled-in field tasks</source>
      <translation>Tâches de terrain remplies</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Changeset comment</source>
      <translation>Commentaire du groupe de modifications</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Name reviewers and surveyors</source>
      <translation>Nommer relecteurs et enquêteurs</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Output</source>
      <translation>Sortie</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Layer</source>
      <translation>Couche</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>FORMAT={format} needs EXTRACT, the .osm or .pbf file that the layer was made from.</source>
      <translation>FORMAT={format} a besoin de EXTRACT, le fichier .osm ou .pbf d’où vient la couche.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>FORMAT={format} goes to OpenStreetMap and takes only what a person accepted; leave ONLY at accepted.</source>
      <translation>FORMAT={format} va vers OpenStreetMap et ne prend que ce qu’une personne a accepté ; laissez ONLY à accepted.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exportmodel.py" />
      <source>Export a model</source>
      <translation>Exporter un modèle</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exportmodel.py" />
      <source>onnx</source>
      <translation>onnx</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exportmodel.py" />
      <source>deepness</source>
      <translation>deepness</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exportmodel.py" />
      <source>stac</source>
      <translation>stac</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exportmodel.py" />
      <source>mlm</source>
      <translation>mlm</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exportmodel.py" />
      <source>model card</source>
      <translation>fiche</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exportmodel.py" />
      <source>metadata</source>
      <translation>métadonnées</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exportmodel.py" />
      <source>Writes a model as ONNX with all that is known of it: bands, scaling, classes, resolution. Other programs run it, the Deepness plugin among them, and GeoLoop on another machine needs no more than this file.</source>
      <translation>Écrit un modèle en ONNX avec tout ce qu’on en sait : bandes, mise à l’échelle, classes, résolution. D’autres programmes l’exécutent, dont l’extension Deepness, et GeoLoop sur une autre machine n’a besoin que de ce fichier.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exportmodel.py" />
      <source>The ONNX file to write.</source>
      <translation>Le fichier ONNX à écrire.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exportmodel.py" />
      <source>OUTPUT is the MODEL itself; choose another name.</source>
      <translation>OUTPUT est le MODEL lui-même ; choisissez un autre nom.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exportmodel.py" />
      <source>Exported model</source>
      <translation>Modèle exporté</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exportmodel.py" />
      <source>ONNX (*.onnx)</source>
      <translation>ONNX (*.onnx)</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Fine-tune a model</source>
      <translation>Affiner un modèle</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>fine-tuning</source>
      <translation>ajustement fin</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>lora</source>
      <translation>lora</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>peft</source>
      <translation>peft</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>adapter</source>
      <translation>adaptateur</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>prithvi</source>
      <translation>prithvi</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>resnet</source>
      <translation>resnet</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>segmentation</source>
      <translation>segmentation</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>regression</source>
      <translation>régression</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>calibration</source>
      <translation>calibration</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>noisy labels</source>
      <translation>étiquettes bruitées</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Teaches a model what your map and field layers say: classes, or values such as height and biomass with their uncertainty. It starts from a public foundation model whose file you name, or from nothing. Labels may be points, lines or areas, and few; where none lies nothing is assumed. The model is judged on blocks of ground that it did not learn from, with the usual random split beside it so that you see how much that flatters. geoloop:predict runs what is written, geoloop:exportmodel hands it on.</source>
      <translation>Apprend à un modèle ce que disent vos couches de carte et de terrain : des classes, ou des valeurs comme la hauteur et la biomasse avec leur incertitude. Il part d’un modèle de fondation public dont vous nommez le fichier, ou de rien. Les étiquettes peuvent être des points, des lignes ou des surfaces, et peu nombreuses ; là où il n’y en a pas, rien n’est supposé. Le modèle est jugé sur des blocs de terrain dont il n’a pas appris, avec à côté le découpage aléatoire habituel pour que vous voyiez combien il flatte. geoloop:predict exécute ce qui est écrit, geoloop:exportmodel le transmet.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>The field of the map and field layers that holds a number, to learn values and their uncertainty. Default: empty, classes are learnt, by LEGEND or the class fields in SOURCES.</source>
      <translation>Le champ des couches de carte et de terrain qui contient un nombre, pour apprendre des valeurs et leur incertitude. Par défaut : vide, des classes sont apprises, d’après LEGEND ou les champs de classe dans SOURCES.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>An encoder and the file of its public weights, such as galileo_nano:/data/encoder.pt, or the file alone where only one encoder fits it; or an encoder's name alone with METHOD full. The documentation lists them under Encoders and foundation models. Default: empty, a ResNet-18 learns from nothing.</source>
      <translation>Un encodeur et le fichier de ses poids publics, comme galileo_nano:/data/encoder.pt, ou le fichier seul là où un seul encodeur lui convient ; ou le nom d’un encodeur seul avec METHOD full. La documentation les énumère sous « Encoders and foundation models ». Par défaut : vide, un ResNet-18 apprend à partir de rien.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>What learns. probe: only the decoder on top. lora: thin additions to the encoder's layers as well, written beside the model in the format of the library peft. adapter: experts of slow and fast changes over the ground (Earth-Adapter). full: everything, which asks for many labels. Default: lora.</source>
      <translation>Ce qui apprend. probe : le décodeur seul. lora : aussi de minces ajouts aux couches de l’encodeur, écrits à côté du modèle au format de la bibliothèque peft. adapter : des experts des changements lents et rapides du terrain (Earth-Adapter). full : tout, ce qui demande beaucoup d’étiquettes. Par défaut : lora.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Which errors it learns from most, for classes. balanced: those of all classes alike, however rare. plain: those of all pixels alike. focal: those of hard pixels. dice: the overlap of each class as well. Default: balanced.</source>
      <translation>De quelles erreurs il apprend le plus, pour des classes. balanced : de celles de toutes les classes pareillement, si rares soient-elles. plain : de celles de tous les pixels pareillement. focal : de celles des pixels difficiles. dice : aussi du recouvrement de chaque classe. Par défaut : balanced.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Whether labels of map layers count less where two views of the imagery both contradict them; what field layers say always counts. Default: yes.</source>
      <translation>Si les étiquettes des couches de carte comptent moins là où deux vues de l’imagerie les contredisent toutes deux ; ce que disent les couches de terrain compte toujours. Par défaut : oui.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Whether to learn once more on pixels dealt by chance, to show how much that flatters; takes twice the time. Default: yes.</source>
      <translation>S’il faut apprendre encore une fois sur des pixels distribués au hasard, pour montrer combien cela flatte ; prend le double du temps. Par défaut : oui.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>What stands in for bands that the encoder cannot do without. refuse: nothing, the run stops. mean: their mean in pretraining. learnt: a value that is learnt. Default: refuse.</source>
      <translation>Ce qui remplace les bandes dont l’encodeur ne peut se passer. refuse : rien, le lancement s’arrête. mean : leur moyenne au préentraînement. learnt : une valeur apprise. Par défaut : refuse.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>The side in pixels of what the network sees at once, now and when it is run. Default: 0, chosen by the encoder.</source>
      <translation>Le côté en pixels de ce que le réseau voit à la fois, maintenant et à l’exécution. Par défaut : 0, choisi par l’encodeur.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>The model to write, whole, with its card. Beside it, the losses as a table (.csv); unless METHOD is full, a folder of a few megabytes to share (_adapter); and while it learns a file (.unfinished) from which a run that was broken off goes on when started again.</source>
      <translation>Le modèle à écrire, entier, avec sa fiche. À côté, les pertes en table (.csv) ; sauf si METHOD est full, un dossier de quelques mégaoctets à partager (_adapter) ; et pendant qu’il apprend un fichier (.unfinished) d’où un lancement interrompu continue quand on le relance.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>The places that were judged, imagery and labels without position, so that geoloop:mergeadapters can ask other models about them. Classes only. Default: not written.</source>
      <translation>Les lieux jugés, imagerie et étiquettes sans position, pour que geoloop:mergeadapters puisse interroger d’autres modèles à leur sujet. Classes seulement. Par défaut : non écrit.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Mean F1, or R² of values, on blocks left out</source>
      <translation>F1 moyen, ou R² des valeurs, sur des blocs mis à part</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>The same by a random split, for comparison</source>
      <translation>Le même par un découpage aléatoire, pour comparer</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Calibration error as the network came</source>
      <translation>Erreur de calibration du réseau tel qu’il vient</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Calibration error of the model as written</source>
      <translation>Erreur de calibration du modèle écrit</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Share of the weights that learnt</source>
      <translation>Part des poids qui ont appris</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Adapter to share</source>
      <translation>Adaptateur à partager</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Method</source>
      <translation>Méthode</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Loss</source>
      <translation>Perte</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Distrust labels of maps</source>
      <translation>Se méfier des étiquettes des cartes</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Compare with a random split</source>
      <translation>Comparer à un découpage aléatoire</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Crop</source>
      <translation>Découpe</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Model</source>
      <translation>Modèle</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>GeoLoop's models (*.safetensors)</source>
      <translation>Modèles de GeoLoop (*.safetensors)</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Hold-out</source>
      <translation>Mis à part</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Hold-outs (*.safetensors)</source>
      <translation>Mis à part (*.safetensors)</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Field with a value</source>
      <translation>Champ avec une valeur</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Model to start from</source>
      <translation>Modèle de départ</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/flag.py" />
      <source>Flag discrepancies</source>
      <translation>Signaler les désaccords</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/flag.py" />
      <source>discrepancies</source>
      <translation>désaccords</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/flag.py" />
      <source>quality</source>
      <translation>qualité</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/flag.py" />
      <source>errors</source>
      <translation>erreurs</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/flag.py" />
      <source>change</source>
      <translation>changement</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/flag.py" />
      <source>Finds what is missing, obsolete, shifted, reshaped, duplicate, invalid, outdated or of the wrong class or value in each source, judged by all the others, with the probability that it is a real error. The findings go into the ledger: put them in order with geoloop:queue, decide, and push.</source>
      <translation>Trouve ce qui dans chaque source manque, a disparu, est décalé, d’une autre forme, en double, invalide, périmé, de mauvaise classe ou de mauvaise valeur, jugé par toutes les autres, avec la probabilité que ce soit une vraie erreur. Les trouvailles vont au registre : ordonnez-les avec geoloop:queue, décidez, et reportez.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/flag.py" />
      <source>What a model that never saw the map says of the imagery: a raster with one band a class, named by class, from 0 to 1. Default: empty, a network is fitted as in geoloop:fuse.</source>
      <translation>Ce qu’un modèle qui n’a jamais vu la carte dit de l’imagerie : un raster avec une bande par classe, nommée d’après elle, de 0 à 1. Par défaut : vide, un réseau est ajusté comme dans geoloop:fuse.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/fuse.py" />
      <source>Fuse imagery, map and field</source>
      <translation>Fusionner imagerie, carte et terrain</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/fuse.py" />
      <source>fusion</source>
      <translation>fusion</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/fuse.py" />
      <source>classification</source>
      <translation>classification</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/fuse.py" />
      <source>land cover</source>
      <translation>occupation du sol</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/fuse.py" />
      <source>probability</source>
      <translation>probabilité</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/fuse.py" />
      <source>uncertainty</source>
      <translation>incertitude</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/fuse.py" />
      <source>imagery</source>
      <translation>imagerie</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/fuse.py" />
      <source>Makes one map of classes from imagery, map layers and field layers together. Each source counts as much as the others bear it out; no source is taken for the truth. A network is fitted on the layers' own labels, and every place is judged by a network that never saw its label.</source>
      <translation>Fait une seule carte de classes à partir de l’imagerie, des couches de carte et de terrain. Chaque source compte autant que les autres la confirment ; aucune n’est tenue pour la vérité. Un réseau est ajusté sur les étiquettes des couches elles-mêmes, et chaque lieu est jugé par un réseau qui n’a jamais vu la sienne.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/fuse.py" />
      <source>Uncertainty</source>
      <translation>Incertitude</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/fuse.py" />
      <source>The entropy of the probabilities, from 0 (sure) to 1 (all classes alike). Default: not written.</source>
      <translation>L’entropie des probabilités, de 0 (sûr) à 1 (toutes les classes égales). Par défaut : non écrit.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>Import OpenStreetMap data</source>
      <translation>Importer des données OpenStreetMap</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>pbf</source>
      <translation>pbf</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>quickosm</source>
      <translation>quickosm</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>tags</source>
      <translation>tags</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>import</source>
      <translation>importer</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>Turns OpenStreetMap data into a GeoPackage with the tables points, lines and polygons, every feature with all its tags and its id. Multipolygons are put together; what reaches out of the extent is cut.</source>
      <translation>Transforme des données OpenStreetMap en un GeoPackage aux tables points, lines et polygons, chaque entité avec tous ses tags et son identifiant. Les multipolygones sont assemblés ; ce qui dépasse l’emprise est coupé.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>An .osm, .osm.pbf, .osm.gz or .osm.bz2 file, a vector file with tags as columns, or the name of such a layer in the project, as QuickOSM makes them.</source>
      <translation>Un fichier .osm, .osm.pbf, .osm.gz ou .osm.bz2, un fichier vectoriel aux tags en colonnes, ou le nom d’une telle couche du projet, comme QuickOSM en fait.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>The area to import, in any CRS. Default: empty, everything.</source>
      <translation>La zone à importer, dans n’importe quel SCR. Par défaut : vide, tout.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>The GeoPackage to write, with the tables points, lines and polygons.</source>
      <translation>Le GeoPackage à écrire, aux tables points, lines et polygons.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>Points</source>
      <translation>Points</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>Lines</source>
      <translation>Lignes</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>Polygons</source>
      <translation>Polygones</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>OpenStreetMap data</source>
      <translation>Données OpenStreetMap</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>Extent</source>
      <translation>Emprise</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>All files (*)</source>
      <translation>Tous les fichiers (*)</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>INPUT: “{given}” is neither a file nor a vector layer of the project.</source>
      <translation>INPUT : « {given} » n’est ni un fichier ni une couche vectorielle du projet.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/installengine.py" />
      <source>Install the engine</source>
      <translation>Installer le moteur</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/installengine.py" />
      <source>install</source>
      <translation>installer</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/installengine.py" />
      <source>torch</source>
      <translation>torch</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/installengine.py" />
      <source>pip</source>
      <translation>pip</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/installengine.py" />
      <source>offline</source>
      <translation>offline</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/installengine.py" />
      <source>wheels</source>
      <translation>wheels</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/installengine.py" />
      <source>Makes the Python environment that GeoLoop computes in, apart from QGIS's own Python, which stays as it is. It takes 2 GB of disk (8 GB with CUDA) and some minutes. An engine that is already there is kept; an installation that is cancelled or fails leaves nothing behind.</source>
      <translation>Fait l’environnement Python dans lequel GeoLoop calcule, à part de celui de QGIS, qui reste tel quel. Il prend 2 Go de disque (8 Go avec CUDA) et quelques minutes. Un moteur déjà là est gardé ; une installation annulée ou échouée ne laisse rien.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/installengine.py" />
      <source>What the engine shall compute on: cpu, or cuda for an NVIDIA graphics card. Default: cpu.</source>
      <translation>Sur quoi le moteur doit calculer : cpu, ou cuda pour une carte graphique NVIDIA. Par défaut : cpu.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/installengine.py" />
      <source>For a machine without network: a folder with all packages as wheels, made elsewhere by pip download with requirements/engine-cpu.txt, or engine-cuda.txt, of the plugin's folder. Default: empty, pip downloads as it is configured.</source>
      <translation>Pour une machine sans réseau : un dossier avec tous les paquets en wheels, fait ailleurs par pip download avec requirements/engine-cpu.txt, ou engine-cuda.txt, du dossier de l’extension. Par défaut : vide, pip télécharge comme il est réglé.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/installengine.py" />
      <source>Folder of wheels</source>
      <translation>Dossier de wheels</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/installengine.py" />
      <source>{named_by} still names another engine, {python}, which is used instead.</source>
      <translation>{named_by} nomme encore un autre moteur, {python}, qui est utilisé à la place.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/learn.py" />
      <source>Learn from decisions</source>
      <translation>Apprendre des décisions</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/learn.py" />
      <source>learning</source>
      <translation>apprentissage</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/learn.py" />
      <source>training</source>
      <translation>entraînement</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/learn.py" />
      <source>reliability</source>
      <translation>fiabilité</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/learn.py" />
      <source>Turns decisions into a better network and better knowledge of the sources. What you accepted corrects the labels that the network learns from, what you rejected confirms them, what you left open is left out; your layers stay as they are. The fit goes on from the ledger's last network; where the ledger believes many labels to be wrong, those that two views of the imagery both contradict count less. Places that neither network has learnt from decide whether the new one replaces the old one, or what was found at random, where it contradicts the other labels. geoloop:loop on the same ledger takes it from there.</source>
      <translation>Transforme les décisions en un meilleur réseau et une meilleure connaissance des sources. Ce que vous avez accepté corrige les étiquettes dont le réseau apprend, ce que vous avez rejeté les confirme, ce que vous avez laissé ouvert est mis de côté ; vos couches restent telles quelles. L’ajustement reprend au dernier réseau du registre ; là où le registre croit fausses beaucoup d’étiquettes, celles que deux vues de l’imagerie contredisent toutes deux comptent moins. Des lieux dont aucun réseau n’a appris décident si le nouveau remplace l’ancien, ou ce qu’a trouvé l’échantillon tiré au hasard, là où il contredit les autres étiquettes. geoloop:loop sur le même registre continue de là.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/learn.py" />
      <source>The model to go on from: a .safetensors file that geoloop:loop or geoloop:learn left for the same ground. Default: empty, the ledger's last.</source>
      <translation>Le modèle d’où continuer : un fichier .safetensors que geoloop:loop ou geoloop:learn a laissé pour le même terrain. Par défaut : vide, le dernier du registre.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/learn.py" />
      <source>The model to go on with: the new one, or the old one if the new one is not better. It is kept beside the ledger in any case. Default: not written elsewhere.</source>
      <translation>Le modèle avec lequel continuer : le nouveau, ou l’ancien si le nouveau n’est pas meilleur. Il est gardé de toute façon à côté du registre. Par défaut : non écrit ailleurs.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/learn.py" />
      <source>Number of the round</source>
      <translation>Numéro du tour</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/learn.py" />
      <source>Decisions that were learnt from</source>
      <translation>Décisions dont on a appris</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/learn.py" />
      <source>Whether the new model took the place of the old one</source>
      <translation>Si le nouveau modèle a pris la place de l’ancien</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/learn.py" />
      <source>How much more unseen ground it names right, as a share</source>
      <translation>De combien il nomme juste plus de terrain jamais vu, en proportion</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>Run a round of the loop</source>
      <translation>Lancer un tour de la boucle</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>loop</source>
      <translation>boucle</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>field survey</source>
      <translation>enquête de terrain</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>A whole round: fits a network on the layers' own labels, fuses imagery, map and field into one map, and flags where each source contradicts all the others. Review the ledger next, with geoloop:queue and geoloop:decide, write what you accept with geoloop:push, and run it again on the same ledger: decisions put labels right, say how far each source can be trusted, and the fit goes on from the last round's network.</source>
      <translation>Un tour entier : ajuste un réseau sur les étiquettes des couches elles-mêmes, fusionne imagerie, carte et terrain en une carte, et signale où chaque source contredit toutes les autres. Relisez ensuite le registre avec geoloop:queue et geoloop:decide, reportez ce que vous acceptez avec geoloop:push, et relancez-le sur le même registre : les décisions corrigent les étiquettes, disent jusqu’où chaque source est fiable, et l’ajustement reprend au réseau du dernier tour.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>For tests: layers that are known to be true, one for each of MAP and then of FIELD, in their order. A simulated reviewer compares by place and class, and decides the first items of a queue; its decisions bear the name “simulated”. Default: none, nobody decides.</source>
      <translation>Pour des essais : couches que l’on sait vraies, une pour chacune de MAP puis de FIELD, dans leur ordre. Un relecteur simulé compare par lieu et par classe et décide les premiers éléments d’une file ; ses décisions portent le nom « simulated ». Par défaut : aucune, personne ne décide.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>How often the simulated reviewer says the opposite of what is right, from 0 to 1. Default: 0.</source>
      <translation>À quelle fréquence le relecteur simulé dit le contraire du vrai, de 0 à 1. Par défaut : 0.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>What a decision of the simulated reviewer costs, in seconds, as the ledger notes it. Default: 8.</source>
      <translation>Ce que coûte une décision du relecteur simulé, en secondes, comme le registre le note. Par défaut : 8.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>How many items the simulated reviewer decides. Default: 100.</source>
      <translation>Combien d’éléments le relecteur simulé décide. Par défaut : 100.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>Decisions of the simulated reviewer</source>
      <translation>Décisions du relecteur simulé</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>Whether the new model took the place of the last round's</source>
      <translation>Si le nouveau modèle a pris la place de celui du dernier tour</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>True layers, to simulate a reviewer</source>
      <translation>Vraies couches, pour simuler un relecteur</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>Share of wrong decisions</source>
      <translation>Part de décisions fausses</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>Seconds a decision</source>
      <translation>Secondes par décision</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>Simulated decisions</source>
      <translation>Décisions simulées</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>Merge adapters</source>
      <translation>Fusionner des adaptateurs</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>federated</source>
      <translation>fédéré</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>sharing</source>
      <translation>partage</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>model soup</source>
      <translation>moyenne de modèles</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>Joins the adapters that several communities fine-tuned on the same encoder into one model: the weighted mean of what each adds. Adapters are a few megabytes and hold no imagery and no labels. Each community's hold-out says whether the common model serves it as well as its own.</source>
      <translation>Réunit les adaptateurs que plusieurs communautés ont affinés sur le même encodeur en un seul modèle : la moyenne pondérée de ce que chacun ajoute. Les adaptateurs font quelques mégaoctets et ne contiennent ni imagerie ni étiquettes. Ce que chaque communauté a mis à part dit si le modèle commun la sert aussi bien que le sien.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>Two or more folders that geoloop:finetune wrote with METHOD probe, lora or adapter, or the file geoloop_card.json in each.</source>
      <translation>Deux dossiers ou plus que geoloop:finetune a écrits avec METHOD probe, lora ou adapter, ou le fichier geoloop_card.json de chacun.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>The file that each community wrote as HOLDOUT, in the order of the adapters. Default: none, nothing is checked.</source>
      <translation>Le fichier que chaque communauté a écrit comme HOLDOUT, dans l’ordre des adaptateurs. Par défaut : aucun, rien n’est vérifié.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>The file of public weights that all adapters began with. Default: none, the encoder began with random weights.</source>
      <translation>Le fichier des poids publics dont tous les adaptateurs sont partis. Par défaut : aucun, l’encodeur est parti de poids aléatoires.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>How much each adapter counts, separated by commas, such as 2,1,1. Default: empty, all alike.</source>
      <translation>Combien compte chaque adaptateur, séparés par des virgules, comme 2,1,1. Par défaut : vide, tous pareils.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>The model that comes of it, which geoloop:predict runs. The merged adapter lies beside it, in a folder of its name and _adapter.</source>
      <translation>Le modèle qui en résulte, que geoloop:predict exécute. L’adaptateur fusionné est à côté, dans un dossier de son nom et _adapter.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>Merged adapter</source>
      <translation>Adaptateur fusionné</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>Share of the mean that the merged adapter keeps, in the layer where it keeps least</source>
      <translation>Part de la moyenne que garde l’adaptateur fusionné, dans la couche où il en garde le moins</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>Change of mean F1 where the merged model does worst</source>
      <translation>Changement du F1 moyen là où le modèle fusionné fait le pire</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>ADAPTERS names fewer than two adapters; give at least two.</source>
      <translation>ADAPTERS nomme moins de deux adaptateurs ; donnez-en au moins deux.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>Adapters</source>
      <translation>Adaptateurs</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>Hold-outs</source>
      <translation>Mis à part</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>The encoder's public weights</source>
      <translation>Les poids publics de l’encodeur</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>Weights</source>
      <translation>Poids</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>HOLDOUTS names {held} files for {number} adapters; give one for each, in the same order, or none.</source>
      <translation>HOLDOUTS nomme {held} fichiers pour {number} adaptateurs ; donnez-en un pour chacun, dans le même ordre, ou aucun.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>ADAPTERS: {path} is no adapter that geoloop:finetune wrote: it lacks {file}.</source>
      <translation>ADAPTERS : {path} n’est pas un adaptateur écrit par geoloop:finetune : il lui manque {file}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>The file {path} of {name} does not exist.</source>
      <translation>Le fichier {path} de {name} n’existe pas.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>WEIGHTS must be numbers separated by commas, not {given}.</source>
      <translation>WEIGHTS doit être des nombres séparés par des virgules, pas {given}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/predict.py" />
      <source>Run a model over imagery</source>
      <translation>Appliquer un modèle à l’imagerie</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/predict.py" />
      <source>inference</source>
      <translation>inférence</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/predict.py" />
      <source>deep learning</source>
      <translation>apprentissage profond</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/predict.py" />
      <source>object detection</source>
      <translation>détection d’objets</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/predict.py" />
      <source>yolo</source>
      <translation>yolo</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/predict.py" />
      <source>dask</source>
      <translation>dask</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/predict.py" />
      <source>Runs a trained model over imagery of any size, tile by tile, without seams. A model that tells classes or values gives a raster (OUTPUT), one that finds objects gives polygons (DETECTIONS). The model's card says which bands it wants and how they are scaled; the imagery's bands are found by name and wavelength.</source>
      <translation>Applique un modèle entraîné à une imagerie de toute taille, tuile par tuile, sans coutures. Un modèle de classes ou de valeurs donne un raster (OUTPUT), un modèle qui trouve des objets des polygones (DETECTIONS). La fiche du modèle dit quelles bandes il veut et comment elles sont mises à l’échelle ; les bandes de l’imagerie sont trouvées par nom et longueur d’onde.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/predict.py" />
      <source>Classes or values</source>
      <translation>Classes ou valeurs</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/predict.py" />
      <source>The class of each pixel, or the model's values or embeddings, one band each, as GeoTIFF. Leave it out for a model that finds objects.</source>
      <translation>La classe de chaque pixel, ou les valeurs ou plongements du modèle, une bande chacun, en GeoTIFF. Laissez vide pour un modèle qui trouve des objets.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/predict.py" />
      <source>The probability of each class, from 0 to 1, one band a class, as GeoTIFF. Default: not written.</source>
      <translation>La probabilité de chaque classe, de 0 à 1, une bande par classe, en GeoTIFF. Par défaut : non écrit.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/predict.py" />
      <source>Nothing is asked for; name OUTPUT or PROBABILITY for a model of classes or values, DETECTIONS for one that finds objects.</source>
      <translation>Rien n’est demandé ; nommez OUTPUT ou PROBABILITY pour un modèle de classes ou de valeurs, DETECTIONS pour un modèle qui trouve des objets.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/predict.py" />
      <source>SCHEDULER is {address}; it must be an address such as tcp://host:8786, or local, or local:4.</source>
      <translation>SCHEDULER est {address} ; ce doit être une adresse comme tcp://host:8786, ou local, ou local:4.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>Pretrain a fusion network</source>
      <translation>Préentraîner un réseau de fusion</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>self-supervised</source>
      <translation>autosupervisé</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>masked modelling</source>
      <translation>masquage</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>attention</source>
      <translation>attention</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>surprise</source>
      <translation>surprise</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>Lets a network learn how imagery and map go together, from your own layers and without any class: parts of the imagery, tags, outlines and whole features are hidden, and the network learns to say them from the rest. What it says of a feature that it does not see can be written too: whether one like it should stand there, how far it should be moved, and how surprising its attributes are.</source>
      <translation>Fait apprendre à un réseau comment imagerie et carte vont ensemble, à partir de vos propres couches et sans aucune classe : des parties de l’imagerie, des tags, des contours et des entités entières sont cachés, et le réseau apprend à les dire d’après le reste. Ce qu’il dit d’une entité qu’il ne voit pas peut aussi être écrit : s’il devrait y en avoir une là, de combien elle devrait être déplacée, et combien ses attributs surprennent.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>A network that an earlier run of this algorithm wrote, to go on from; its size counts. Default: empty, from nothing.</source>
      <translation>Un réseau qu’un lancement antérieur de cet algorithme a écrit, d’où continuer ; sa taille compte. Par défaut : vide, à partir de rien.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>small: learns on any processor. large: for a graphics card. Default: small.</source>
      <translation>small : apprend sur tout processeur. large : pour une carte graphique. Par défaut : small.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>The network to write. Beside it, the losses as a table (.csv), and while it learns a file (.unfinished) from which a run that was broken off goes on when started again.</source>
      <translation>Le réseau à écrire. À côté, les pertes en tableau (.csv) et, pendant qu’il apprend, un fichier (.unfinished) d’où un lancement interrompu reprend quand on le relance.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>The features with what the network says of each while it is hidden, in the fields layer, key, exists (the probability that such a feature stands there), dx_m and dy_m (metres eastward and northward to where it should lie), tag_surprise and surprise (more is odder). Default: not written.</source>
      <translation>Les entités avec ce que le réseau dit de chacune tandis qu’elle est cachée, dans les champs layer, key, exists (la probabilité qu’une telle entité soit là), dx_m et dy_m (mètres vers l’est et le nord jusqu’où elle devrait être), tag_surprise et surprise (plus est plus étrange). Par défaut : non écrit.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>Size of the network</source>
      <translation>Taille du réseau</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>Pretrained network</source>
      <translation>Réseau préentraîné</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>Fusion networks (*.safetensors)</source>
      <translation>Réseaux de fusion (*.safetensors)</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>Surprise</source>
      <translation>Surprise</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>MODEL must be a .safetensors file that this algorithm wrote, not {path}.</source>
      <translation>MODEL doit être un fichier .safetensors écrit par cet algorithme, pas {path}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Push</source>
      <translation>Reporter</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>edit</source>
      <translation>modification</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>apply</source>
      <translation>appliquer</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>journal</source>
      <translation>journal</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>write back</source>
      <translation>réécrire</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Writes accepted edits into an edited copy of a layer, or into the layer itself. Every edit is checked against the feature as it stands now: one that was changed or deleted since it was flagged is stale and stays as it is. Each edit is written whole or not at all and stands in the ledger's journal with the feature before and after, so that Undo can take it back. If any edit could not be written, the run ends with an error that lists these, after all others have been written.</source>
      <translation>Écrit les modifications acceptées dans une copie modifiée d’une couche, ou dans la couche elle-même. Chaque modification est comparée à l’entité telle qu’elle est maintenant : une entité changée ou supprimée depuis le signalement est périmée et reste telle quelle. Chaque modification est écrite entière ou pas du tout et figure au journal du registre avec l’entité avant et après, pour que l’annulation puisse la reprendre. Si l’une n’a pu être écrite, le lancement finit par une erreur qui les énumère, après que toutes les autres ont été écrites.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>The ledger (GeoPackage) that holds discrepancies, decisions and the journal.</source>
      <translation>Le registre (GeoPackage) qui contient désaccords, décisions et journal.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Layer to edit</source>
      <translation>Couche à modifier</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>The layer that was flagged. It is known by its address, else by its name.</source>
      <translation>La couche qui a été jugée. Elle est reconnue à son adresse, sinon à son nom.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Write into</source>
      <translation>Écrire dans</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>copy: an edited copy, OUTPUT; the layer is left untouched. source: the layer itself; its file is copied first and put back if the push breaks off. Default: copy.</source>
      <translation>copy : une copie modifiée, OUTPUT ; la couche n’est pas touchée. source : la couche elle-même ; son fichier est d’abord copié et remis si le report s’interrompt. Par défaut : copy.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Also push undecided ones from this probability on</source>
      <translation>Reporter aussi les indécis à partir de cette probabilité</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Discrepancies without a decision whose probability (0 to 1) of being a real error is at least this are pushed besides the accepted ones; 1 for next to none. Must be given for APPLY=source outside the QGIS window. Default: accepted ones alone.</source>
      <translation>Les désaccords sans décision dont la probabilité (0 à 1) d’être une vraie erreur est au moins celle-ci sont reportés en plus des acceptés ; 1 pour presque aucun. À donner pour APPLY=source hors de la fenêtre de QGIS. Par défaut : acceptés seulement.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Most edits</source>
      <translation>Nombre maximal de modifications</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>If more edits than this number are due, none is made. 0: any number. Must be given for APPLY=source outside the QGIS window. Default: any number.</source>
      <translation>Si plus de modifications que ce nombre sont dues, aucune n’est faite. 0 : sans limite. À donner pour APPLY=source hors de la fenêtre de QGIS. Par défaut : sans limite.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Columns for values</source>
      <translation>Colonnes des valeurs</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Which column takes a value that the ledger calls by another name, as JSON: {"building": "TYPE"}. Other values go into the column of the same name or alias; a column is never added. Default: none.</source>
      <translation>Quelle colonne prend une valeur que le registre nomme autrement, en JSON : {"building": "TYPE"}. Les autres vont dans la colonne de même nom ou alias ; aucune colonne n’est ajoutée. Par défaut : aucune.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Edited copy</source>
      <translation>Copie modifiée</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>The edited copy, a GeoPackage (.gpkg) with all columns and the same feature ids. An earlier copy of that name is replaced. Used with APPLY=copy.</source>
      <translation>La copie modifiée, un GeoPackage (.gpkg) avec toutes les colonnes et les mêmes identifiants. Une copie antérieure de ce nom est remplacée. Utilisée avec APPLY=copy.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Edits applied</source>
      <translation>Modifications écrites</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Edits left, as their feature has changed</source>
      <translation>Laissées, leur entité ayant changé</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Edits that the layer refused</source>
      <translation>Modifications que la couche a refusées</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Id of this push, for Undo</source>
      <translation>Identifiant de ce report, pour l’annuler</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>The layer TARGET cannot be opened; choose a vector layer.</source>
      <translation>La couche TARGET ne peut être ouverte ; choisissez une couche vectorielle.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>APPLY=copy needs OUTPUT: name a GeoPackage for the edited copy, or use APPLY=source.</source>
      <translation>APPLY=copy a besoin de OUTPUT : nommez un GeoPackage pour la copie modifiée, ou utilisez APPLY=source.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>APPLY=source without the QGIS window needs both PUSH_ABOVE and MAX_EDITS; give them, or push into a copy.</source>
      <translation>APPLY=source sans la fenêtre de QGIS a besoin de PUSH_ABOVE et de MAX_EDITS ; donnez-les, ou reportez dans une copie.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>{done} edits were applied to {where} (push {name}).</source>
      <translation>{done} modifications ont été écrites dans {where} (report {name}).</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>COLUMNS must be a JSON object from names to columns, such as {example}.</source>
      <translation>COLUMNS doit être un objet JSON de noms vers colonnes, comme {example}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>MAX_EDITS must be a whole number, not {number}.</source>
      <translation>MAX_EDITS doit être un nombre entier, et non {number}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>the edited copy was not made: {why}</source>
      <translation>la copie modifiée n’a pas été faite : {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>COLUMNS is no valid JSON: {why}.</source>
      <translation>COLUMNS n’est pas du JSON valide : {why}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>No edit is due for {layer}: nothing is accepted, or what is accepted only asks to look or to go there again. PUSH_ABOVE takes undecided ones along.</source>
      <translation>Aucune modification n’est due pour {layer} : rien n’est accepté, ou ce qui est accepté demande seulement de regarder ou d’y retourner. PUSH_ABOVE prend aussi les indécis.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>{left} of {count} edits were not applied to {where}; the other {done} were (push {name}).</source>
      <translation>{left} modifications sur {count} n’ont pas été écrites dans {where} ; les {done} autres l’ont été (report {name}).</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>Queue for review</source>
      <translation>Mettre en file pour la revue</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>order</source>
      <translation>ordre</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>audit</source>
      <translation>audit</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>sample</source>
      <translation>échantillon</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>error rate</source>
      <translation>taux d’erreur</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>Draws the next items to review and writes them, in order, into the ledger's table 'queue'. First comes what mends most in a reviewer's time: the probability of a real error, as earlier decisions on its like correct it, times what mending it is worth, over the seconds it takes. Neighbours share a page, one view of the map. At least a tenth are features drawn at random from the whole layers, flagged or not: they alone say how wrong a layer is. Each queue replaces the one before; decisions stay.</source>
      <translation>Tire les prochains éléments à relire et les écrit, dans l’ordre, dans la table « queue » du registre. D’abord vient ce qui répare le plus dans le temps d’un relecteur : la probabilité d’une vraie erreur, telle que les décisions antérieures sur ses pareils la corrigent, fois ce que vaut la réparation, sur les secondes qu’elle prend. Des voisins partagent une page, une vue de la carte. Un dixième au moins sont des entités tirées au hasard de toutes les couches, signalées ou non : elles seules disent à quel point une couche est fausse. Chaque file remplace la précédente ; les décisions restent.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>WEIGHTS must give numbers by kind and by class, such as {"kinds": {"missing": 2}}.</source>
      <translation>WEIGHTS doit donner des nombres par genre et par classe, comme {"kinds": {"missing": 2}}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>How many items the queue gets, the audit's included. A long queue learns late: make a new one now and then. Default: 100.</source>
      <translation>Combien d’éléments la file reçoit, ceux de l’audit compris. Une longue file apprend tard : refaites-en une de temps en temps. Par défaut : 100.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>The share of items drawn at random, from 0.1 to 1; 1 for an audit alone. Queues of fewer than 10 items may have none. Default: 0.1.</source>
      <translation>La part d’éléments tirés au hasard, de 0,1 à 1 ; 1 pour un audit seul. Des files de moins de 10 éléments peuvent n’en avoir aucun. Par défaut : 0,1.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>Layers that were judged and are no longer where the ledger says, or were never a file; known by their address, else by their name. The audit draws from them. Default: none, they are opened where the ledger says.</source>
      <translation>Couches jugées qui ne sont plus où le registre dit, ou n’ont jamais été un fichier ; reconnues à leur adresse, sinon à leur nom. L’audit tire d’elles. Par défaut : aucune, elles sont ouvertes où le registre dit.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>JSON that weights kinds and classes, such as {"kinds": {"missing": 2}, "classes": {"hospital": 5}}: kinds in place of the usual weights, which the documentation lists under Review, classes on top of them. 0 puts them last. Default: empty.</source>
      <translation>JSON qui pondère genres et classes, comme {"kinds": {"missing": 2}, "classes": {"hospital": 5}} : les genres à la place des poids habituels, que la documentation énumère au chapitre de la relecture, les classes par-dessus. 0 les met en dernier. Par défaut : vide.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>The side of the ground, in metres, that a reviewer sees at once; items within it may share a page. Default: 150.</source>
      <translation>Le côté du terrain, en mètres, qu’un relecteur voit d’un coup ; les éléments qu’il contient peuvent partager une page. Par défaut : 150.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>A GeoPackage with the items in order, their geometries and empty columns for the decision. How an item was drawn is not in it. Default: not written.</source>
      <translation>Un GeoPackage avec les éléments dans l’ordre, leurs géométries et des colonnes vides pour la décision. Comment un élément a été tiré n’y est pas. Par défaut : non écrit.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>Number of items</source>
      <translation>Nombre d’éléments</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>Number of pages</source>
      <translation>Nombre de pages</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>Share of the random audit</source>
      <translation>Part de l’audit au hasard</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>Judged layers that have moved</source>
      <translation>Couches jugées qui ont été déplacées</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>What mending is worth</source>
      <translation>Ce que vaut une réparation</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>Width of a page</source>
      <translation>Largeur d’une page</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>Queue as a layer</source>
      <translation>File sous forme de couche</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>“{layer}” has no feature where it was judged.</source>
      <translation>« {layer} » n’a aucune entité là où elle a été jugée.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>The layer “{layer}” is no longer at {address}, and the random audit draws from all of its features; name it in LAYERS.</source>
      <translation>La couche « {layer} » n’est plus à {address}, et l’audit au hasard tire de toutes ses entités ; nommez-la dans LAYERS.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>WEIGHTS is no JSON ({why}); mend it.</source>
      <translation>WEIGHTS n’est pas du JSON ({why}) ; corrigez-le.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>Map from field points</source>
      <translation>Carte à partir de points de terrain</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>random forest</source>
      <translation>forêt aléatoire</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>gradient boosting</source>
      <translation>arbres renforcés</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>species distribution</source>
      <translation>répartition d’espèces</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>presence</source>
      <translation>présence</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>biomass</source>
      <translation>biomasse</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>soil</source>
      <translation>sol</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>air quality</source>
      <translation>qualité de l’air</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>quantile</source>
      <translation>quantile</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>spatial cross-validation</source>
      <translation>validation croisée spatiale</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>Makes a map from field points: of a value such as biomass, soil carbon or air quality, of presence and absence, or of how well places suit what was found (presences alone). Learns from rasters of any kind, embeddings of geoloop:embed among them, and writes the estimate of every pixel with bounds that hold nine of ten. How good the map is where nobody measured is judged on blocks of ground that are left out; the usual random split is shown beside it, so that you see how much it flatters.</source>
      <translation>Fait une carte à partir de points de terrain : d’une valeur comme la biomasse, le carbone du sol ou la qualité de l’air, de présence et d’absence, ou de combien des lieux conviennent à ce qui a été trouvé (présences seules). Apprend de rasters de toute sorte, plongements de geoloop:embed compris, et écrit l’estimation de chaque pixel avec des bornes qui valent neuf fois sur dix. La qualité de la carte là où personne n’a mesuré est jugée sur des blocs de terrain mis à part ; le découpage aléatoire habituel est montré à côté, pour que vous voyiez combien il flatte.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>What may tell the value: imagery, elevation, climate, embeddings. The one with the finest pixel gives the map's grid, and its CRS must be metric.</source>
      <translation>Ce qui peut dire la valeur : imagerie, altitude, climat, plongements. Celui au pixel le plus fin donne la grille de la carte, et son SCR doit être métrique.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>The points that were visited; of lines and areas the middle counts.</source>
      <translation>Les points visités ; des lignes et des surfaces, le milieu compte.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>The field with a number, or with presence and absence as yes and no, or 1 and 0. Default: none, every point is a presence.</source>
      <translation>Le champ avec un nombre, ou avec présence et absence : oui et non, ou 1 et 0. Par défaut : aucun, chaque point est une présence.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>forest: a random forest, steady with few points. boosting: boosted trees, often better with many. Default: forest.</source>
      <translation>forest : une forêt aléatoire, stable avec peu de points. boosting : des arbres renforcés, souvent meilleurs avec beaucoup. Par défaut : forest.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>The field that names the station, plot or transect; what was measured at one is never judged by what else was measured there. Default: none, each point is its own.</source>
      <translation>Le champ qui nomme la station, la placette ou le transect ; ce qui y a été mesuré n’est jamais jugé d’après ce qui y a été mesuré d’autre. Par défaut : aucun, chaque point est seul.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>For presences alone: so many places are drawn evenly from the rasters to tell presences from. Default: 2000.</source>
      <translation>Pour les présences seules : autant de lieux sont tirés régulièrement des rasters pour en distinguer les présences. Par défaut : 2000.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>The area of the map, in any CRS. Default: empty, all of RASTERS.</source>
      <translation>La zone de la carte, dans n’importe quel SCR. Par défaut : vide, tout ce que couvrent RASTERS.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>Three bands, as GeoTIFF: the estimate, and two bounds; the value is expected to lie below the lower in 5 % of all places, and above the upper in 5 %. Of presences the bounds are the spread of the models. Scores are in its metadata.</source>
      <translation>Trois bandes, en GeoTIFF : l’estimation et deux bornes ; on attend la valeur sous la borne basse dans 5 % des lieux et au-dessus de la borne haute dans 5 %. Pour les présences, les bornes sont la dispersion des modèles. Les scores sont dans les métadonnées.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>R², or AUC of presences, on blocks of ground left out</source>
      <translation>R², ou AUC des présences, sur des blocs de terrain mis à part</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>Number of points that were learnt from</source>
      <translation>Nombre de points dont on a appris</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>FIELD names no layer; choose the points to learn from.</source>
      <translation>FIELD ne nomme aucune couche ; choisissez les points dont il faut apprendre.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>Rasters</source>
      <translation>Rasters</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>Field points</source>
      <translation>Points de terrain</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>What was measured</source>
      <translation>Ce qui a été mesuré</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>Station</source>
      <translation>Station</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>Places of background</source>
      <translation>Lieux de fond</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>Report</source>
      <translation>Rapport</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>report</source>
      <translation>rapport</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>html</source>
      <translation>html</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>plots</source>
      <translation>graphiques</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>print</source>
      <translation>imprimer</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>One page to hand on, for screen, phone and A4, that needs nothing from outside: maps of what was flagged and what became of it, how far each source can be trusted, how often a flag is right, whether the probabilities mean what they say, what a look was worth, accuracy and area, what was written into the layers, and where all of it comes from. What the ledger does not hold is named, with the way to get it. Imagery is shown where it can still be read. Nothing is uploaded; folders and passwords of layers do not appear.</source>
      <translation>Une page à transmettre, pour l’écran, le téléphone et l’A4, qui n’a besoin de rien d’extérieur : cartes de ce qui a été signalé et de ce qu’il en est advenu, jusqu’où chaque source est fiable, à quelle fréquence un signalement est juste, si les probabilités veulent dire ce qu’elles disent, ce que valait un regard, exactitude et surface, ce qui a été écrit dans les couches, et d’où tout cela vient. Ce que le registre ne contient pas est nommé, avec le moyen de l’obtenir. L’imagerie est montrée là où elle peut encore être lue. Rien n’est envoyé ; dossiers et mots de passe des couches n’apparaissent pas.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>What stands at the top of the page. Default: empty, made from the ledger's name.</source>
      <translation>Ce qui est en haut de la page. Par défaut : vide, fait du nom du registre.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>What the licences of the sources ask to be printed, under each map, such as © OpenStreetMap contributors. Default: empty, names and licences of the sources.</source>
      <translation>Ce que les licences des sources demandent d’imprimer, sous chaque carte, comme © les contributeurs d’OpenStreetMap. Par défaut : vide, noms et licences des sources.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>A result of geoloop:evaluate (JSON) that the ledger does not hold. Default: none, what the ledger holds.</source>
      <translation>Un résultat de geoloop:evaluate (JSON) que le registre ne contient pas. Par défaut : aucun, ce que contient le registre.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>Whether reviewers are named on the page. Default: no.</source>
      <translation>Si les relecteurs sont nommés sur la page. Par défaut : non.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>A folder that gets the page's maps and plots as PNG files. Default: not written.</source>
      <translation>Un dossier qui reçoit les cartes et graphiques de la page en fichiers PNG. Par défaut : non écrit.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>Pictures on the page</source>
      <translation>Images de la page</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>Title</source>
      <translation>Titre</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>Attribution</source>
      <translation>Attribution</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>Evaluation</source>
      <translation>Évaluation</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>Name reviewers</source>
      <translation>Nommer les relecteurs</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>Folder of images</source>
      <translation>Dossier d’images</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>{path} of IMAGES is no folder.</source>
      <translation>{path} de IMAGES n’est pas un dossier.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>Design a sample</source>
      <translation>Concevoir un échantillon</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>stratified</source>
      <translation>stratifié</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>systematic</source>
      <translation>systématique</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>survey</source>
      <translation>enquête</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>reference</source>
      <translation>référence</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>Draws a probability sample of a class raster, of a layer's features, or of the ground of a ledger: units to visit or to look at, each with its chance of having been drawn. Fill in class_reference and hand the layer to geoloop:evaluate for accuracy and area with intervals, or to geoloop:loop as field layer. Strata by map class or by disagreement put more units where a few would say little.</source>
      <translation>Tire un échantillon probabiliste d’un raster de classes, des entités d’une couche ou du terrain d’un registre : des unités à visiter ou à regarder, chacune avec sa chance d’être tirée. Remplissez class_reference et donnez la couche à geoloop:evaluate pour l’exactitude et la surface avec intervalles, ou à geoloop:loop comme couche de terrain. Des strates par classe de carte ou par désaccord mettent plus d’unités là où peu en diraient trop peu.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>What is drawn from: pixels of a raster of class codes, features of a layer, or the ground of a ledger (its .gpkg, or any layer of it).</source>
      <translation>D’où l’on tire : pixels d’un raster de codes de classe, entités d’une couche, ou terrain d’un registre (son .gpkg, ou l’une de ses couches).</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>How many units are drawn. Systematic samples of rasters may have a few more or less. Default: 300.</source>
      <translation>Combien d’unités sont tirées. Des échantillons systématiques de rasters peuvent en avoir un peu plus ou un peu moins. Par défaut : 300.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>simple: every unit alike. map_class: within each class of the map, which tells most of rare classes. disagreement: more where two maps, or the ledger's sources, differ. systematic: on a regular pattern from a random start. Default: map_class.</source>
      <translation>simple : toutes les unités pareilles. map_class : au sein de chaque classe de la carte, ce qui dit le plus des classes rares. disagreement : plus là où deux cartes, ou les sources du registre, diffèrent. systematic : selon un motif régulier d’un départ au hasard. Par défaut : map_class.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>For strata by disagreement of a raster: the raster that it is compared with, such as the map of another year or another method, of the same classes. Default: none.</source>
      <translation>Pour des strates par désaccord d’un raster : le raster auquel il est comparé, comme la carte d’une autre année ou d’une autre méthode, aux mêmes classes. Par défaut : aucun.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>Class field</source>
      <translation>Champ de classe</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>For features: the field that holds the class; DESIGN map_class needs it. Default: none.</source>
      <translation>Pour des entités : le champ qui contient la classe ; DESIGN map_class en a besoin. Par défaut : aucun.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>For a raster: names for its codes, as a JSON file, or one of the shipped legends, buildings and landcover. Default: empty, the names in the raster, else its codes.</source>
      <translation>Pour un raster : des noms pour ses codes, en fichier JSON, ou l’une des légendes livrées, buildings et landcover. Par défaut : vide, les noms dans le raster, sinon ses codes.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>How units go to strata beyond MINIMUM: proportional to their size, or equal. Default: proportional.</source>
      <translation>Comment les unités vont aux strates au-delà de MINIMUM : en proportion de leur taille, ou également. Par défaut : en proportion.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>So many units each stratum gets, or all it has. Default: 25.</source>
      <translation>Chaque strate reçoit autant d’unités, ou toutes celles qu’elle a. Par défaut : 25.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>The area to draw from, in any CRS. Default: empty, all of INPUT.</source>
      <translation>La zone d’où tirer, dans n’importe quel SCR. Par défaut : vide, tout INPUT.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>The GeoPackage to write: points or features with their stratum, inclusion_probability, and class_reference to fill in.</source>
      <translation>Le GeoPackage à écrire : points ou entités avec leur strate, inclusion_probability, et class_reference à remplir.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>Class raster, features, or a ledger</source>
      <translation>Raster de classes, entités ou registre</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>Design</source>
      <translation>Plan</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>Second class raster</source>
      <translation>Second raster de classes</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>Allocation</source>
      <translation>Répartition</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>Least units of a stratum</source>
      <translation>Minimum d’unités par strate</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>Sample</source>
      <translation>Échantillon</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>Stack imagery</source>
      <translation>Empiler l’imagerie</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>bands</source>
      <translation>bandes</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>layer stack</source>
      <translation>empilement</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>resample</source>
      <translation>rééchantillonner</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>reproject</source>
      <translation>reprojeter</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>sentinel-2</source>
      <translation>sentinel-2</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>landsat</source>
      <translation>landsat</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>radar</source>
      <translation>radar</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>dem</source>
      <translation>MNT</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>time series</source>
      <translation>série temporelle</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>Brings rasters of any resolution and CRS onto one grid and writes all their bands into one GeoTIFF. Each band keeps its name, wavelength, date, scale and its own nodata. File names of Sentinel-2 and Landsat, ENVI headers and STAC items beside a raster are understood. Where nothing needs resampling, the numbers stay as they are.</source>
      <translation>Met des rasters de toute résolution et de tout SCR sur une grille et écrit toutes leurs bandes dans un GeoTIFF. Chaque bande garde nom, longueur d’onde, date, échelle et sa propre valeur nodata. Les noms de fichiers de Sentinel-2 et de Landsat, les en-têtes ENVI et les éléments STAC à côté d’un raster sont compris. Là où rien n’a besoin d’être rééchantillonné, les nombres restent tels quels.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>The raster layers to stack, in the order of their bands: optical, radar, elevation, of one or several dates. All need a CRS; at least one, or GRID, must have a metric one.</source>
      <translation>Les couches raster à empiler, dans l’ordre de leurs bandes : optique, radar, altitude, d’une ou plusieurs dates. Toutes ont besoin d’un SCR ; au moins une, ou GRID, d’un SCR métrique.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>A raster layer whose CRS, pixels and extent the stack takes over; it is not stacked itself. Default: empty, the raster of INPUT with the smallest pixels and a metric CRS.</source>
      <translation>Une couche raster dont l’empilement reprend SCR, pixels et emprise ; elle-même n’est pas empilée. Par défaut : vide, le raster de INPUT aux plus petits pixels et au SCR métrique.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>The side of a pixel in metres on the ground. Coarser than a raster: its pixels are averaged; finer: interpolated. Default: empty, that of the grid.</source>
      <translation>Le côté d’un pixel en mètres au sol. Plus grossier qu’un raster : ses pixels sont moyennés ; plus fin : interpolés. Par défaut : vide, celui de la grille.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>The area that the stack covers, in any CRS, widened to whole pixels. Default: empty, that of the grid.</source>
      <translation>La zone que couvre l’empilement, dans n’importe quel SCR, élargie à des pixels entiers. Par défaut : vide, celle de la grille.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>An encoder that was taught to say what clouds and missing data hide, with its published file: prithvi_eo_v2_300_tl:/path/Prithvi_EO_V2_300M_TL.pt. What it says is a guess from what is seen around, before and after: map with it, do not measure with it. Default: empty, gaps stay gaps.</source>
      <translation>Un encodeur à qui l’on a appris à dire ce que cachent nuages et données manquantes, avec son fichier publié : prithvi_eo_v2_300_tl:/path/Prithvi_EO_V2_300M_TL.pt. Ce qu’il dit est une supposition d’après ce que l’on voit autour, avant et après : pour cartographier, pas pour mesurer. Par défaut : vide, les lacunes restent des lacunes.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>Stack</source>
      <translation>Empilement</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>The GeoTIFF to write: the rasters' own integer type where none is resampled, else 32-bit floating-point numbers with NaN as nodata.</source>
      <translation>Le GeoTIFF à écrire : le type entier des rasters là où aucun n’est rééchantillonné, sinon des nombres à virgule flottante de 32 bits avec NaN comme nodata.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>Grid</source>
      <translation>Grille</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>Resolution</source>
      <translation>Résolution</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>Fill gaps with</source>
      <translation>Combler les lacunes avec</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>Undo</source>
      <translation>Annuler</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>revert</source>
      <translation>annuler</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>push</source>
      <translation>reporter</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>Takes pushed edits back, the last first, in the layer or the edited copy that they were pushed into. A feature that was changed since the push is left as it is. If any edit could not be taken back, the run ends with an error that lists these, after all others have been taken back.</source>
      <translation>Reprend les modifications reportées, la dernière d’abord, dans la couche ou la copie modifiée où elles sont allées. Une entité changée depuis le report est laissée telle quelle. Si l’une n’a pu être reprise, le lancement finit par une erreur qui les énumère, après que toutes les autres ont été reprises.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>The ledger (GeoPackage) whose journal has the pushes.</source>
      <translation>Le registre (GeoPackage) dont le journal contient les reports.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>Layer or copy</source>
      <translation>Couche ou copie</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>The layer that was pushed into: the source, or an edited copy.</source>
      <translation>La couche où l’on a reporté : la source, ou une copie modifiée.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>last: the last push that has something left to take back. all: every push. Or the id of a push, or the uid of one discrepancy. Default: last.</source>
      <translation>last : le dernier report dont il reste quelque chose. all : tous. Ou l’identifiant d’un report, ou l’uid d’un désaccord. Par défaut : last.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>What to take back</source>
      <translation>Que reprendre</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>Edits taken back</source>
      <translation>Modifications reprises</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>Edits left as they are</source>
      <translation>Modifications laissées</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>The layer TARGET cannot be opened; choose the layer that was pushed into.</source>
      <translation>La couche TARGET ne peut être ouverte ; choisissez la couche où l’on a reporté.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>{done} edits were taken back in {layer}.</source>
      <translation>{done} modifications ont été reprises dans {layer}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>Nothing is left to take back in {layer} for WHICH={which}; give last, all, the id of a push, or a uid.</source>
      <translation>Il ne reste rien à reprendre dans {layer} pour WHICH={which} ; donnez last, all, l’identifiant d’un report ou un uid.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>{left} of {count} edits were not taken back in {layer}; the other {done} were.</source>
      <translation>{left} modifications sur {count} n’ont pas été reprises dans {layer} ; les {done} autres l’ont été.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>Save web imagery</source>
      <translation>Enregistrer l’imagerie web</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>xyz</source>
      <translation>xyz</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>wms</source>
      <translation>wms</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>wmts</source>
      <translation>wmts</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>tiles</source>
      <translation>tuiles</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>web</source>
      <translation>web</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>licence</source>
      <translation>licence</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>download</source>
      <translation>télécharger</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>Saves what an XYZ, WMS or WMTS layer shows of an area as a GeoTIFF, at a resolution that you choose, so that the other algorithms can work on it. Many web maps may be looked at and not saved, traced or learnt from: read the licence of the layer first, and say in LICENCE what it is. The answer stays with the raster.</source>
      <translation>Enregistre ce qu’une couche XYZ, WMS ou WMTS montre d’une zone en GeoTIFF, à une résolution de votre choix, pour que les autres algorithmes puissent y travailler. Beaucoup de cartes web peuvent être regardées, mais pas enregistrées, décalquées ou apprises : lisez d’abord la licence de la couche, et dites dans LICENCE quelle elle est. La réponse reste avec le raster.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>A layer of a web map in the project: XYZ tiles, WMS or WMTS.</source>
      <translation>Une couche d’une carte web du projet : tuiles XYZ, WMS ou WMTS.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>The area to save, in any CRS.</source>
      <translation>La zone à enregistrer, dans n’importe quel SCR.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>The side of a pixel in metres on the ground. Finer than what the server has only makes the file larger. Default: 0.5.</source>
      <translation>Le côté d’un pixel en mètres au sol. Plus fin que ce qu’a le serveur ne fait que grossir le fichier. Par défaut : 0,5.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>What the imagery's licence is, such as CC BY 4.0, as it shall stand in the metadata. What the layer and its server say of rights, fees and access constraints is shown before anything is saved.</source>
      <translation>Quelle est la licence de l’imagerie, comme CC BY 4.0, telle qu’elle doit figurer dans les métadonnées. Ce que la couche et son serveur disent des droits, des frais et des contraintes d’accès est montré avant que rien soit enregistré.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>Whether you have read the licence and it allows to save this imagery and to derive map data from it. Default: no, nothing is saved.</source>
      <translation>Si vous avez lu la licence et qu’elle permet d’enregistrer cette imagerie et d’en dériver des données cartographiques. Par défaut : non, rien n’est enregistré.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>Imagery</source>
      <translation>Imagerie</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>The GeoTIFF to write: red, green, blue, and where the map shows nothing.</source>
      <translation>Le GeoTIFF à écrire : rouge, vert, bleu, et où la carte ne montre rien.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>INPUT is no layer of a web map; raster files need no saving, the other algorithms take them as they are.</source>
      <translation>INPUT n’est pas une couche d’une carte web ; les fichiers raster n’ont pas à être enregistrés, les autres algorithmes les prennent tels quels.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>EXTENT is empty; choose an area with a width and a height.</source>
      <translation>EXTENT est vide ; choisissez une zone qui a une largeur et une hauteur.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>Web imagery</source>
      <translation>Imagerie web</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>Licence</source>
      <translation>Licence</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>The licence allows saving it and deriving data from it</source>
      <translation>La licence permet de l’enregistrer et d’en dériver des données</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>{width} × {height} pixels of {resolution} m on the ground, about {tiles} tiles of the server.</source>
      <translation>{width} × {height} pixels de {resolution} m au sol, environ {tiles} tuiles du serveur.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>Read the licence of “{name}” first ({told}): if it allows to save the imagery and to derive data from it, set ALLOWED.</source>
      <translation>Lisez d’abord la licence de « {name} » ({told}) : si elle permet d’enregistrer l’imagerie et d’en dériver des données, cochez ALLOWED.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>LICENCE is empty; say what the licence of “{name}” is.</source>
      <translation>LICENCE est vide ; dites quelle est la licence de « {name} ».</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>“{name}” says of itself: {told}</source>
      <translation>« {name} » dit de lui-même : {told}</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>the layer itself names none</source>
      <translation>la couche elle-même n’en nomme pas</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/address.py" />
      <source>The ledger {ledger} does not know the layer {target}; it knows {known}. Choose one of these.</source>
      <translation>Le registre {ledger} ne connaît pas la couche {target} ; il connaît {known}. Choisissez l’une d’elles.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/address.py" />
      <source>{target} is taken for {name}, the only editable map layer of the ledger.</source>
      <translation>{target} est tenue pour {name}, la seule couche de carte modifiable du registre.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/address.py" />
      <source>The journal of {ledger} knows no push into {target}; it knows pushes into {known}.</source>
      <translation>Le journal de {ledger} ne connaît aucun report dans {target} ; il connaît des reports dans {known}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/address.py" />
      <source>no layer</source>
      <translation>aucune couche</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>kept in the ledger only, as the layer has no such column: {names}</source>
      <translation>gardé dans le registre seul, la couche n’ayant pas de telle colonne : {names}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>another edit of this push has deleted the feature</source>
      <translation>une autre modification de ce report a supprimé l’entité</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>another edit of this push has deleted the feature that should stay</source>
      <translation>une autre modification de ce report a supprimé l’entité qui devait rester</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>the feature has been changed since it was flagged: it lies elsewhere</source>
      <translation>l’entité a été changée depuis le signalement : elle est ailleurs</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>another edit of this push has changed the same part of the feature</source>
      <translation>une autre modification de ce report a changé la même partie de l’entité</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>an edit of the kind {edit} cannot be pushed</source>
      <translation>une modification du genre {edit} ne peut être reportée</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>the discrepancy says no value to set</source>
      <translation>le désaccord ne dit aucune valeur à mettre</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>no column {column}</source>
      <translation>aucune colonne {column}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>The lock {lock} of the layer {layer} cannot be used ({why}); mend it in SOURCES.</source>
      <translation>Le verrou {lock} de la couche {layer} est inutilisable ({why}) ; corrigez-le dans SOURCES.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>its outline would be traced from {imagery}, which may not be traced (may_trace is false in SOURCES)</source>
      <translation>son contour serait décalqué de {imagery}, qui ne peut être décalquée (may_trace est false dans SOURCES)</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>the layer has such a feature already ({twin})</source>
      <translation>la couche a déjà une telle entité ({twin})</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>the feature has been changed since it was flagged ({parts})</source>
      <translation>l’entité a été changée depuis le signalement ({parts})</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>the lock {lock} cannot be asked: {why}</source>
      <translation>le verrou {lock} ne peut être interrogé : {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>{what} is locked ({lock})</source>
      <translation>{what} est verrouillé ({lock})</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>the layer has no column for {names}</source>
      <translation>la couche n’a pas de colonne pour {names}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>its neighbour {fid}</source>
      <translation>sa voisine {fid}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>the feature</source>
      <translation>l’entité</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/backup.py" />
      <source>No backup of {path} could be made ({why}), so it was not edited; make room beside it, or push into a copy.</source>
      <translation>Aucune sauvegarde de {path} n’a pu être faite ({why}), il n’a donc pas été modifié ; faites de la place à côté, ou reportez dans une copie.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/backup.py" />
      <source>The file {path} could not be brought back ({why}); its copy as it was lies in {folder}.</source>
      <translation>Le fichier {path} n’a pu être remis ({why}) ; sa copie telle qu’elle était est dans {folder}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/buffer.py" />
      <source>the layer refused the new feature</source>
      <translation>la couche a refusé la nouvelle entité</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/buffer.py" />
      <source>the layer refused to delete the feature</source>
      <translation>la couche a refusé de supprimer l’entité</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/buffer.py" />
      <source>the layer refused the new geometry</source>
      <translation>la couche a refusé la nouvelle géométrie</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/buffer.py" />
      <source>the layer refused the new values</source>
      <translation>la couche a refusé les nouvelles valeurs</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/checks.py" />
      <source>The project edits its layers in transaction groups, in which edits cannot be taken back one by one; set the transaction mode of the project to local edit buffers.</source>
      <translation>Le projet modifie ses couches en groupes de transactions, où les modifications ne peuvent être reprises une à une ; réglez le mode de transaction du projet sur les tampons d’édition locaux.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/checks.py" />
      <source>The file {path} is read-only; make it writable, or push into a copy.</source>
      <translation>Le fichier {path} est en lecture seule ; rendez-le modifiable, ou reportez dans une copie.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/checks.py" />
      <source>The layer {layer} is being edited; save or discard these edits first.</source>
      <translation>La couche {layer} est en cours d’édition ; enregistrez ou abandonnez d’abord ces modifications.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/checks.py" />
      <source>The layer {layer} cannot be edited in its format ({provider}); push into a copy.</source>
      <translation>La couche {layer} ne peut être modifiée dans son format ({provider}) ; reportez dans une copie.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/columns.py" />
      <source>the column {column} cannot hold {value} exactly</source>
      <translation>la colonne {column} ne peut contenir {value} exactement</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/columns.py" />
      <source>the column {column} refuses the value {value}: {why}</source>
      <translation>la colonne {column} refuse la valeur {value} : {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/columns.py" />
      <source>the column {column} cannot hold {value}: {why}</source>
      <translation>la colonne {column} ne peut contenir {value} : {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/columns.py" />
      <source>COLUMNS says that {name} goes into {column}, but the layer {layer} has only {known}.</source>
      <translation>COLUMNS dit que {name} va dans {column}, mais la couche {layer} n’a que {known}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/columns.py" />
      <source>no columns</source>
      <translation>aucune colonne</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/commit.py" />
      <source>the provider gave no reason</source>
      <translation>le fournisseur n’a pas donné de raison</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/commit.py" />
      <source>another program has changed or deleted the feature meanwhile</source>
      <translation>un autre programme a changé ou supprimé l’entité entre-temps</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/commit.py" />
      <source>the provider kept the feature</source>
      <translation>le fournisseur a gardé l’entité</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/commit.py" />
      <source>the provider does not hold the feature</source>
      <translation>le fournisseur ne contient pas l’entité</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/commit.py" />
      <source>the feature has been changed by another program while it was being edited</source>
      <translation>l’entité a été changée par un autre programme pendant son édition</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/commit.py" />
      <source>another edit of its batch was stale</source>
      <translation>une autre modification de son lot était périmée</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/commit.py" />
      <source>the provider left the feature as it was</source>
      <translation>le fournisseur a laissé l’entité telle quelle</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/commit.py" />
      <source>The layer {layer} could not be brought out of edit mode.</source>
      <translation>La couche {layer} n’a pu être sortie du mode d’édition.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/commit.py" />
      <source>The layer {layer} holds half of an edit of the feature {fid} and does not take it back.</source>
      <translation>La couche {layer} contient la moitié d’une modification de l’entité {fid} et ne la reprend pas.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/cut_off.py" />
      <source>The file {path} was left in parts by a process that was killed, and cannot be made whole ({why}); let its folder be writable.</source>
      <translation>Le fichier {path} a été laissé en morceaux par un processus interrompu et ne peut pas être rétabli ({why}) ; rendez son dossier accessible en écriture.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/edited_copy.py" />
      <source>The edited copy {path} must be a GeoPackage; let OUTPUT end with .gpkg.</source>
      <translation>La copie modifiée {path} doit être un GeoPackage ; faites finir OUTPUT par .gpkg.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/edited_copy.py" />
      <source>OUTPUT {path} is the layer's own file; name another one, or use APPLY=source.</source>
      <translation>OUTPUT {path} est le fichier même de la couche ; nommez-en un autre, ou utilisez APPLY=source.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/edited_copy.py" />
      <source>The copy of {layer} holds {found} of its {count} features; check the layer.</source>
      <translation>La copie de {layer} contient {found} de ses {count} entités ; vérifiez la couche.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/edited_copy.py" />
      <source>The edited copy {path} cannot be written ({why}); name a file in a folder you may write to.</source>
      <translation>La copie modifiée {path} ne peut être écrite ({why}) ; nommez un fichier dans un dossier où vous pouvez écrire.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/edited_copy.py" />
      <source>The edited copy {path} cannot be written: {why}</source>
      <translation>La copie modifiée {path} ne peut être écrite : {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/finding.py" />
      <source>the discrepancy names no feature</source>
      <translation>le désaccord ne nomme aucune entité</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/finding.py" />
      <source>the feature has been deleted since it was flagged, or the filter of the layer hides it</source>
      <translation>l’entité a été supprimée depuis le signalement, ou le filtre de la couche la cache</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/finding.py" />
      <source>the feature has been deleted since it was flagged</source>
      <translation>l’entité a été supprimée depuis le signalement</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/finding.py" />
      <source>the feature has been changed since it was flagged</source>
      <translation>l’entité a été changée depuis le signalement</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/finding.py" />
      <source>The layer {layer} has no column {key}, by which its features were known when they were flagged; choose the layer that was flagged.</source>
      <translation>La couche {layer} n’a pas de colonne {key}, à laquelle ses entités étaient reconnues lors du signalement ; choisissez la couche qui a été jugée.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/finding.py" />
      <source>several features have the key {key}</source>
      <translation>plusieurs entités ont la clé {key}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/finding.py" />
      <source>the layer no longer has the column {column}</source>
      <translation>la couche n’a plus la colonne {column}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/finding.py" />
      <source>{count} features look like the one that was flagged, and ids have changed</source>
      <translation>{count} entités ressemblent à celle signalée, et les identifiants ont changé</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/open_layer.py" />
      <source>the file does not hold the feature</source>
      <translation>le fichier ne contient pas l’entité</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/open_layer.py" />
      <source>The layer {layer} is not in edit mode.</source>
      <translation>La couche {layer} n’est pas en mode d’édition.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/open_layer.py" />
      <source>The edits of “{layer}” are not in the journal yet: {why}</source>
      <translation>Les modifications de « {layer} » ne sont pas encore au journal : {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/open_layer.py" />
      <source>What was saved in “{layer}” is not in the journal yet: {why}</source>
      <translation>Ce qui a été enregistré dans « {layer} » n’est pas encore au journal : {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/open_layer.py" />
      <source>What “{layer}” holds of the edits that could not be saved is not in the journal yet: {why}</source>
      <translation>Ce que « {layer} » contient des modifications non enregistrables n’est pas encore au journal : {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/proposal.py" />
      <source>added by this push</source>
      <translation>ajoutée par ce report</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/proposal.py" />
      <source>the discrepancy proposes no geometry</source>
      <translation>le désaccord ne propose aucune géométrie</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/proposal.py" />
      <source>id {fid}, which the filter hides</source>
      <translation>identifiant {fid}, que le filtre cache</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/proposal.py" />
      <source>id {fid}</source>
      <translation>identifiant {fid}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/proposal.py" />
      <source>The filter of the layer {layer} cannot be taken off, so that it cannot be told what is there already; push into the layer without its filter.</source>
      <translation>Le filtre de la couche {layer} ne peut être retiré, si bien qu’on ne peut savoir ce qui s’y trouve déjà ; reportez dans la couche sans son filtre.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/proposal.py" />
      <source>The layer {layer} or the ledger has no known CRS; assign one.</source>
      <translation>La couche {layer} ou le registre n’a pas de SCR connu ; attribuez-en un.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/proposal.py" />
      <source>The coordinate operation of the ledger does not fit the layer {layer}: {operation}</source>
      <translation>L’opération de coordonnées du registre ne convient pas à la couche {layer} : {operation}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/proposal.py" />
      <source>No exact coordinate operation leads from {grid} to the CRS of {layer}; install the transformation grid that QGIS asks for, or use a layer in the ledger's CRS.</source>
      <translation>Aucune opération de coordonnées exacte ne mène de {grid} au SCR de {layer} ; installez la grille de transformation que QGIS demande, ou utilisez une couche dans le SCR du registre.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/proposal.py" />
      <source>the proposed geometry is invalid: {why}</source>
      <translation>la géométrie proposée est invalide : {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/proposal.py" />
      <source>the layer holds {wanted}, the proposal is {given}</source>
      <translation>la couche contient {wanted}, la proposition est {given}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/proposal.py" />
      <source>the proposed geometry is invalid in the layer's CRS: {why}</source>
      <translation>la géométrie proposée est invalide dans le SCR de la couche : {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/proposal.py" />
      <source>the proposed geometry cannot be brought into the layer's CRS: {why}</source>
      <translation>la géométrie proposée ne peut être mise dans le SCR de la couche : {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/push.py" />
      <source>not touched when the edit was tried again</source>
      <translation>non touchée quand la modification a été retentée</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/push.py" />
      <source>The layer {layer} cannot be switched to edit mode.</source>
      <translation>La couche {layer} ne peut passer en mode d’édition.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/push.py" />
      <source>the push broke off and the layer was brought back: {why}</source>
      <translation>le report s’est interrompu et la couche a été remise : {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/recovery.py" />
      <source>the undo was cut off before this edit was taken back</source>
      <translation>l’annulation s’est interrompue avant que cette modification soit reprise</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/recovery.py" />
      <source>the push was cut off before this edit was written</source>
      <translation>le report s’est interrompu avant que cette modification soit écrite</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/recovery.py" />
      <source>the push was cut off and the layer was edited since: look at the feature</source>
      <translation>le report s’est interrompu et la couche a été modifiée depuis : regardez l’entité</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/recovery.py" />
      <source>An earlier push into {address} was cut off; {done} of its {count} edits stand, the others do not.</source>
      <translation>Un report antérieur dans {address} s’est interrompu ; {done} de ses {count} modifications tiennent, les autres non.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/recovery.py" />
      <source>An earlier undo in {address} was cut off; {done} of {count} edits are taken back, the others are not.</source>
      <translation>Une annulation antérieure dans {address} s’est interrompue ; {done} modifications sur {count} sont reprises, les autres non.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/recovery.py" />
      <source>{lost}; the file as it was lies in {folder}</source>
      <translation>{lost} ; le fichier tel qu’il était est dans {folder}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/shared_vertices.py" />
      <source>the neighbour {fid}, which shares vertices with the feature, would become invalid</source>
      <translation>la voisine {fid}, qui partage des sommets avec l’entité, deviendrait invalide</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/stand_in.py" />
      <source>The file {path} was written by another program while it was being edited; nothing was changed. Run this again.</source>
      <translation>Le fichier {path} a été écrit par un autre programme pendant sa modification ; rien n'a été changé. Relancez.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/stand_in.py" />
      <source>The edited copy of {path} could not take its place ({why}) and lies whole in {folder}; close other programs that hold the file, and run this again.</source>
      <translation>La copie modifiée de {path} n'a pas pu prendre sa place ({why}) et se trouve entière dans {folder} ; fermez les autres programmes qui tiennent le fichier et relancez.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/stand_in.py" />
      <source>The edited copy of {path} could not be completed ({why}); nothing was changed.</source>
      <translation>La copie modifiée de {path} n'a pas pu être achevée ({why}) ; rien n'a été changé.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/twins.py" />
      <source>the discrepancy does not say which feature stays</source>
      <translation>le désaccord ne dit pas quelle entité reste</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/twins.py" />
      <source>the feature {key}, which should stay, is not there any more, or the filter of the layer hides it</source>
      <translation>l’entité {key}, qui devait rester, n’est plus là, ou le filtre de la couche la cache</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/twins.py" />
      <source>the feature {key}, which should stay, is not there any more</source>
      <translation>l’entité {key}, qui devait rester, n’est plus là</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/undo.py" />
      <source>the feature has been deleted since the push</source>
      <translation>l’entité a été supprimée depuis le report</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/undo.py" />
      <source>the feature has been changed since the push</source>
      <translation>l’entité a été changée depuis le report</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/undo.py" />
      <source>the feature came back with the id {new} instead of {old}</source>
      <translation>l’entité est revenue avec l’identifiant {new} au lieu de {old}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/undo.py" />
      <source>Undo: {command}</source>
      <translation>Annuler : {command}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/undo.py" />
      <source>the layer was as before the push already</source>
      <translation>la couche était déjà comme avant le report</translation>
    </message>
    <message>
      <location filename="../processing_provider/engine/interpreter.py" />
      <source>geoloop:installengine</source>
      <translation>geoloop:installengine</translation>
    </message>
    <message>
      <location filename="../processing_provider/engine/interpreter.py" />
      <source>the QGIS setting {name}</source>
      <translation>le réglage de QGIS {name}</translation>
    </message>
    <message>
      <location filename="../processing_provider/engine/interpreter.py" />
      <source>the environment variable {name}</source>
      <translation>la variable d’environnement {name}</translation>
    </message>
    <message>
      <location filename="../processing_provider/engine/interpreter.py" />
      <source>GeoLoop's engine is not installed: run geoloop:installengine (Processing toolbox, GeoLoop, Install the engine), or name a Python that has the engine's packages in the environment variable {variable}.</source>
      <translation>Le moteur de GeoLoop n’est pas installé : lancez geoloop:installengine (boîte à outils, GeoLoop, Installer le moteur), ou nommez dans la variable d’environnement {variable} un Python qui a ses paquets.</translation>
    </message>
    <message>
      <location filename="../processing_provider/engine/interpreter.py" />
      <source>GeoLoop's engine cannot start: {named_by} names {python}, which is no program; correct it or remove it.</source>
      <translation>Le moteur de GeoLoop ne peut démarrer : {named_by} nomme {python}, qui n’est pas un programme ; corrigez-le ou retirez-le.</translation>
    </message>
    <message>
      <location filename="../processing_provider/given.py" />
      <source>The file {path} of LEGEND does not exist.</source>
      <translation>Le fichier {path} de LEGEND n’existe pas.</translation>
    </message>
    <message>
      <location filename="../processing_provider/given.py" />
      <source>The file {path} of MODEL does not exist.</source>
      <translation>Le fichier {path} de MODEL n’existe pas.</translation>
    </message>
    <message>
      <location filename="../processing_provider/given.py" />
      <source>{name} must be a number, not {text}.</source>
      <translation>{name} doit être un nombre, pas {text}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/copy.py" />
      <source>Copying the layer “{name}” for the engine.</source>
      <translation>Copie de la couche « {name} » pour le moteur.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/copy.py" />
      <source>The layer “{name}” cannot be copied for the engine: {why}</source>
      <translation>La couche « {name} » ne peut être copiée pour le moteur : {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/copy.py" />
      <source>The fields “{one}” and “{other}” of the layer “{name}” differ in case alone, so that the layer cannot be copied for the engine; rename one.</source>
      <translation>Les champs « {one} » et « {other} » de la couche « {name} » ne diffèrent que par la casse, si bien que la couche ne peut être copiée pour le moteur ; renommez-en un.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/fields.py" />
      <source>{parameter}: the layer “{name}” has no field “{field}”.</source>
      <translation>{parameter} : la couche « {name} » n’a pas de champ « {field} ».</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/judged.py" />
      <source>The layer “{layer}” has no field “{key}” any more, which identified its features; put it back, or flag the layer again.</source>
      <translation>La couche « {layer} » n’a plus de champ « {key} », qui identifiait ses entités ; remettez-le, ou signalez la couche de nouveau.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/judged.py" />
      <source>The filter {where} that “{layer}” was judged with cannot be used any more; mend the layer, or flag it again.</source>
      <translation>Le filtre {where} avec lequel « {layer} » a été jugée n’est plus utilisable ; réparez la couche, ou signalez-la de nouveau.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/judged.py" />
      <source>The imagery {path}, which bounds the random audit, cannot be opened; put it back.</source>
      <translation>L’imagerie {path}, qui borne l’audit au hasard, ne peut être ouverte ; remettez-la.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/layers.py" />
      <source>the imagery within EXTENT</source>
      <translation>l’imagerie dans EXTENT</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/layers.py" />
      <source>the imagery “{name}”</source>
      <translation>l’imagerie « {name} »</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/layers.py" />
      <source>Neither MAP nor FIELD names a layer; give at least one for the imagery to be judged by.</source>
      <translation>Ni MAP ni FIELD ne nomme de couche ; donnez-en au moins une d’après laquelle juger l’imagerie.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/layers.py" />
      <source>EXTENT does not overlap {area}; choose an area of it, and look at the CRS that EXTENT is in.</source>
      <translation>EXTENT ne recoupe pas {area} ; choisissez-en une zone et vérifiez le SCR dans lequel EXTENT est donné.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/layers.py" />
      <source>{parameter}: “{given}” cannot be opened as a vector layer; check the path.</source>
      <translation>{parameter} : « {given} » ne s’ouvre pas comme couche vectorielle ; vérifiez le chemin.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/layers.py" />
      <source>{parameter}: the selection or the filter leaves no feature of “{name}”.</source>
      <translation>{parameter} : la sélection ou le filtre ne laisse aucune entité de « {name} ».</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/layers.py" />
      <source>KEY is “{key}”, but no layer in MAP has such a field.</source>
      <translation>KEY est « {key} », mais aucune couche de MAP n’a ce champ.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/layers.py" />
      <source>{parameter} names no layer; give at least one raster layer.</source>
      <translation>{parameter} ne nomme aucune couche ; donnez au moins une couche raster.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/layers.py" />
      <source>{parameter}: “{name}” is no raster layer.</source>
      <translation>{parameter} : « {name} » n’est pas une couche raster.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/layers.py" />
      <source>{parameter}: “{name}” is no vector layer.</source>
      <translation>{parameter} : « {name} » n’est pas une couche vectorielle.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/layers.py" />
      <source>{parameter}: “{path}” cannot be opened as a layer; check the path, and whether another program locks the file.</source>
      <translation>{parameter} : « {path} » ne peut être ouvert comme couche ; vérifiez le chemin, et si un autre programme verrouille le fichier.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/layers.py" />
      <source>{parameter}: the layer “{name}” is broken; repair its data source.</source>
      <translation>{parameter} : la couche « {name} » est cassée ; réparez sa source de données.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/map_input.py" />
      <source>{name}: “{given}” cannot be opened as a layer; check the path, and whether another program locks the file.</source>
      <translation>{name} : « {given} » ne peut être ouvert comme couche ; vérifiez le chemin, et si un autre programme verrouille le fichier.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/map_input.py" />
      <source>{name}: “{layer}” is neither a raster nor a vector layer.</source>
      <translation>{name} : « {layer} » n’est ni une couche raster ni une couche vectorielle.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/models.py" />
      <source>MODEL names no file; give an .onnx or .safetensors file.</source>
      <translation>MODEL ne nomme aucun fichier ; donnez un fichier .onnx ou .safetensors.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/models.py" />
      <source>MODEL must be an .onnx or .safetensors file, not {path}; export the model as ONNX where it was made.</source>
      <translation>MODEL doit être un fichier .onnx ou .safetensors, pas {path} ; exportez le modèle en ONNX là où il a été fait.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/models.py" />
      <source>The file {path} of CARD does not exist.</source>
      <translation>Le fichier {path} de CARD n’existe pas.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/names.py" />
      <source>Two of the layers in MAP and FIELD are called “{name}”; rename one, the ledger tells layers apart by name.</source>
      <translation>Deux des couches de MAP et FIELD s’appellent « {name} » ; renommez-en une, le registre les distingue par leur nom.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/operation.py" />
      <source>There is no transformation from the CRS of “{name}” ({source}) to the grid's ({grid}); reproject the layer with native:reprojectlayer.</source>
      <translation>Il n’y a pas de transformation du SCR de « {name} » ({source}) à celui de la grille ({grid}) ; reprojetez la couche avec native:reprojectlayer.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/operation.py" />
      <source>Only a ballpark transformation is known from the CRS of “{name}” ({source}) to the grid's ({grid}), which may be off by hundreds of metres; install its transformation grid, correct the CRS, or set ALLOW_BALLPARK.</source>
      <translation>Seule une transformation approximative est connue du SCR de « {name} » ({source}) à celui de la grille ({grid}), qui peut être fausse de centaines de mètres ; installez sa grille de transformation, corrigez le SCR, ou cochez ALLOW_BALLPARK.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/overlap.py" />
      <source>The layer “{name}” does not overlap {area}; check its CRS, or choose layers of one place.</source>
      <translation>La couche « {name} » ne recouvre pas {area} ; vérifiez son SCR, ou choisissez des couches d’un même lieu.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/overlap.py" />
      <source>The layer “{name}” does not lie where its CRS {layer_crs} is valid; correct the CRS in its properties.</source>
      <translation>La couche « {name} » n’est pas là où son SCR {layer_crs} est valide ; corrigez le SCR dans ses propriétés.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/rasters.py" />
      <source>a UTM zone</source>
      <translation>une zone UTM</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/rasters.py" />
      <source>The imagery “{name}” is a layer of the kind {kind}, not a raster file; save the part you need with geoloop:webimagery, which asks for resolution and licence, and use what it writes.</source>
      <translation>L’imagerie « {name} » est une couche du genre {kind}, pas un fichier raster ; enregistrez la partie voulue avec geoloop:webimagery, qui demande résolution et licence, et utilisez ce qu’il écrit.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/rasters.py" />
      <source>The imagery “{name}” has no coordinate reference system; set it in the layer's properties or with gdal:assignprojection.</source>
      <translation>L’imagerie « {name} » n’a pas de système de coordonnées ; définissez-le dans les propriétés de la couche ou avec gdal:assignprojection.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/rasters.py" />
      <source>The imagery “{name}” gives the grid, but its CRS {crs} is in degrees; reproject it to a metric CRS with gdal:warpreproject, here {utm}.</source>
      <translation>L’imagerie « {name} » donne la grille, mais son SCR {crs} est en degrés ; reprojetez-la dans un SCR métrique avec gdal:warpreproject, ici {utm}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/rasters.py" />
      <source>The layer “{name}” does not lie where its CRS {crs} is valid; correct the CRS in its properties.</source>
      <translation>La couche « {name} » n’est pas là où son SCR {crs} est valide ; corrigez le SCR dans ses propriétés.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/settings.py" />
      <source>SOURCES must be a JSON object whose keys are layer names.</source>
      <translation>SOURCES doit être un objet JSON dont les clés sont des noms de couches.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/settings.py" />
      <source>SOURCES speaks of “{name}”, but the layers of this run are {known}.</source>
      <translation>SOURCES parle de « {name} », mais les couches de ce lancement sont {known}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/settings.py" />
      <source>SOURCES: the entry of “{name}” must be an object, such as {example}.</source>
      <translation>SOURCES : l’entrée de « {name} » doit être un objet, comme {example}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/settings.py" />
      <source>none</source>
      <translation>aucune</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/settings.py" />
      <source>SOURCES: {setting} of “{name}” is “{field}”, but the layer has only {known}.</source>
      <translation>SOURCES : {setting} de « {name} » est « {field} », mais la couche n’a que {known}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/settings.py" />
      <source>SOURCES must be a JSON object or the path of a JSON file; “{path}” cannot be read ({why}).</source>
      <translation>SOURCES doit être un objet JSON ou le chemin d’un fichier JSON ; « {path} » ne peut être lu ({why}).</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/settings.py" />
      <source>SOURCES is no valid JSON: {why}.</source>
      <translation>SOURCES n’est pas du JSON valide : {why}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/settings.py" />
      <source>no fields</source>
      <translation>aucun champ</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/stacks.py" />
      <source>the grid of “{name}”</source>
      <translation>la grille de « {name} »</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/vectors.py" />
      <source>The layer “{name}” has no geometry; use a layer of points, lines or areas.</source>
      <translation>La couche « {name} » n’a pas de géométrie ; utilisez une couche de points, de lignes ou de surfaces.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/vectors.py" />
      <source>The layer “{name}” has no coordinate reference system; set it in the layer's properties or with native:assignprojection.</source>
      <translation>La couche « {name} » n’a pas de système de coordonnées ; définissez-le dans les propriétés de la couche ou avec native:assignprojection.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/web_raster.py" />
      <source>Fees: {text}</source>
      <translation>Frais : {text}</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/web_raster.py" />
      <source>Access constraints: {text}</source>
      <translation>Contraintes d’accès : {text}</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/web_raster.py" />
      <source>The imagery “{name}” cannot be written to {path}.</source>
      <translation>L’imagerie « {name} » ne peut être écrite dans {path}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/web_raster.py" />
      <source>The server of “{name}” gave nothing for this area and resolution; look whether the map shows it in QGIS, and choose a resolution that it has.</source>
      <translation>Le serveur de « {name} » n’a rien donné pour cette zone et cette résolution ; regardez si la carte la montre dans QGIS, et choisissez une résolution qu’il a.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/web_raster.py" />
      <source>The server of “{name}” gave nothing for {share} % of the area: it may have nothing there, or have failed; these pixels are nodata. Run it again if they should not be.</source>
      <translation>Le serveur de « {name} » n’a rien donné pour {share} % de la zone : il n’a peut-être rien là, ou a échoué ; ces pixels sont nodata. Relancez s’ils ne devraient pas l’être.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/web_raster.py" />
      <source>The imagery “{name}” comes in degrees; set a metric CRS for it, such as EPSG:3857, in the layer's properties, if its server offers one.</source>
      <translation>L’imagerie « {name} » vient en degrés ; définissez pour elle un SCR métrique, comme EPSG:3857, dans les propriétés de la couche, si son serveur en offre un.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/web_raster.py" />
      <source>EXTENT does not lie where the CRS {crs} of “{name}” is valid; choose an area of the map.</source>
      <translation>EXTENT ne se trouve pas là où le SCR {crs} de « {name} » est valable ; choisissez une zone de la carte.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/web_raster.py" />
      <source>EXTENT at {resolution} m would be {width} × {height} pixels, too much to ask of a web server at once; choose a smaller EXTENT or a coarser RESOLUTION.</source>
      <translation>EXTENT à {resolution} m ferait {width} × {height} pixels, trop pour les demander d’un coup à un serveur ; choisissez un EXTENT plus petit ou une RESOLUTION plus grossière.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/web_raster.py" />
      <source>The imagery “{name}” cannot be read.</source>
      <translation>L’imagerie « {name} » ne peut être lue.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers_algorithm.py" />
      <source>Discrepancies kept in the ledger</source>
      <translation>Désaccords gardés dans le registre</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers_algorithm.py" />
      <source>Discrepancies that are more probably errors than not</source>
      <translation>Désaccords qui sont plus probablement des erreurs que non</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The page to hand on: maps, plots and tables in one HTML file.</source>
      <translation>La page à transmettre : cartes, graphiques et tableaux dans un fichier HTML.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Raster layers that show the ground: optical, radar, elevation. All need a CRS; the one with the finest pixel gives the grid, and its CRS must be metric. A web map is saved first, with geoloop:webimagery.</source>
      <translation>Couches raster qui montrent le terrain : optique, radar, altitude. Toutes ont besoin d’un SCR ; celle au pixel le plus fin donne la grille, et son SCR doit être métrique. Une carte web est d’abord enregistrée, avec geoloop:webimagery.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Vector layers with attributes or OpenStreetMap tags: buildings, land use, roads. Each needs a CRS and a name of its own. At least one map or field layer is needed. Default: none.</source>
      <translation>Couches vectorielles avec attributs ou tags OpenStreetMap : bâtiments, occupation du sol, routes. Chacune a besoin d’un SCR et d’un nom à elle. Il faut au moins une couche de carte ou de terrain. Par défaut : aucune.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Survey points or plots with an observed class or value. SOURCES says which attributes hold the observation, its date and its accuracy. Default: none.</source>
      <translation>Points ou placettes d’enquête avec une classe ou une valeur observée. SOURCES dit quels attributs portent l’observation, sa date et sa précision. Par défaut : aucune.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The attribute that identifies a feature for ever, in the map layers that have it, such as osm_id. Default: empty, the feature id.</source>
      <translation>L’attribut qui identifie une entité pour toujours, dans les couches de carte qui l’ont, comme osm_id. Par défaut : vide, l’identifiant de l’entité.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>What layers do not say of themselves. In the dialog “Fill in…” asks for it. As text: JSON, or the path of a JSON file, with an object by layer name, such as {"buildings": {"class_field": "building", "date": "2023-05-01", "accuracy_m": 2.0, "may_edit": true}}. Known: key, class_field, value_field, date, date_field, accuracy_m (metres), accuracy_field, licence, may_trace, may_train, may_export, may_edit, lock (a filter expression: verified features, never proposed for an edit), off_nadir (imagery looks at it aslant, nothing of it is moved); of imagery licence, date, may_trace, may_train and may_export. Default: empty.</source>
      <translation>Ce que les couches ne disent pas d’elles-mêmes. Dans la boîte de dialogue, « Remplir… » le demande. En texte : du JSON, ou le chemin d’un fichier JSON, avec un objet par nom de couche, comme {"buildings": {"class_field": "building", "date": "2023-05-01", "accuracy_m": 2.0, "may_edit": true}}. Connus : key, class_field, value_field, date, date_field, accuracy_m (mètres), accuracy_field, licence, may_trace, may_train, may_export, may_edit, lock (une expression de filtre : entités vérifiées, jamais proposées à la modification), off_nadir (l’imagerie les voit en oblique, rien n’en est déplacé) ; pour l’imagerie licence, date, may_trace, may_train et may_export. Par défaut : vide.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>About the sources</source>
      <translation>À propos des sources</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The classes and their rules: a JSON file, or one of the shipped legends, buildings and landcover. Default: empty, the values of the first map layer's class field.</source>
      <translation>Les classes et leurs règles : un fichier JSON, ou l’une des légendes livrées, buildings et landcover. Par défaut : vide, les valeurs du champ de classe de la première couche de carte.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>How long the network is fitted. quick: some minutes on 2 cores, fewer with pixels of 3 m and more. normal: about five times as long. long: twenty times or more. The log says how long before it starts. Default: quick.</source>
      <translation>Combien de temps le réseau est ajusté. quick : quelques minutes sur 2 cœurs, moins avec des pixels de 3 m et plus. normal : environ cinq fois plus. long : vingt fois plus ou davantage. Le journal dit combien de temps avant de commencer. Par défaut : quick.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The part of the imagery to work on, in any CRS. Default: empty, all of it.</source>
      <translation>La partie de l’imagerie où travailler, dans n’importe quel SCR. Par défaut : vide, tout.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The side of a pixel to work at, in metres on the ground. Finer imagery is averaged to it, which is faster and for things much larger than a pixel mostly better; coarser imagery stays as it is. Default: empty, what the legend says, else the pixels of the finest imagery.</source>
      <translation>Le côté d’un pixel de travail, en mètres au sol. Les images plus fines y sont ramenées par moyenne, ce qui est plus rapide et, pour des objets bien plus grands qu’un pixel, le plus souvent meilleur ; les plus grossières restent telles quelles. Par défaut : vide, ce que dit la légende, sinon les pixels de l’image la plus fine.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The start of all random numbers; the same seed and the same layers give the same result. Default: 0.</source>
      <translation>Le départ de tous les nombres aléatoires ; le même départ et les mêmes couches donnent le même résultat. Par défaut : 0.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Discrepancies that are less probably real errors than this are not kept, from 0 to 1. Default: 0.05.</source>
      <translation>Les désaccords moins probablement de vraies erreurs que cela ne sont pas gardés, de 0 à 1. Par défaut : 0,05.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Whether to use only the selected features of layers that have a selection. Default: no.</source>
      <translation>Si l’on n’utilise que les entités sélectionnées des couches qui ont une sélection. Par défaut : non.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Where the network runs: auto, cpu, cuda or cuda:1. Default: what QGIS's options say of GeoLoop, at first auto, a GPU if one really works.</source>
      <translation>Où calcule le réseau : auto, cpu, cuda ou cuda:1. Par défaut : ce que disent les options de QGIS sur GeoLoop, d’abord auto, une carte graphique si l’une fonctionne vraiment.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Whether layers may be brought to the grid by a transformation of unknown accuracy, which can be off by hundreds of metres. Default: no.</source>
      <translation>Si des couches peuvent être mises sur la grille par une transformation de précision inconnue, qui peut être fausse de centaines de mètres. Par défaut : non.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Default: none is kept.</source>
      <translation>Par défaut : aucun n’est tenu.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The GeoPackage that holds the loop, as geoloop:flag or geoloop:loop made it.</source>
      <translation>Le GeoPackage qui contient la boucle, tel que geoloop:flag ou geoloop:loop l’a fait.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The model: an ONNX file, such as those of the Deepness model zoo, or a .safetensors file that GeoLoop wrote. Files of torch (.pt, .pth) may carry code and are not opened; export them as ONNX.</source>
      <translation>Le modèle : un fichier ONNX, comme ceux de la collection de Deepness, ou un fichier .safetensors écrit par GeoLoop. Les fichiers de torch (.pt, .pth) peuvent porter du code et ne sont pas ouverts ; exportez-les en ONNX.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>What says what the imagery shows. An ONNX model that knows the legend's classes, or a model that geoloop:learn or geoloop:loop left for this very ground, is used as it is; another .safetensors file of GeoLoop's is what the fit starts from. A network of geoloop:pretrain comes on top of the fit in geoloop:flag and geoloop:loop: it is asked about each feature while it does not see it, and its answer counts when the feature is judged. Default: empty, a network is fitted on the layers' own labels, going on from the ledger's last round if there is one.</source>
      <translation>Ce qui dit ce que montre l’imagerie. Un modèle ONNX qui connaît les classes de la légende, ou un modèle que geoloop:learn ou geoloop:loop a laissé pour ce terrain même, est utilisé tel quel ; l’ajustement part d’un autre fichier .safetensors de GeoLoop. Un réseau de geoloop:pretrain s’ajoute à l’ajustement dans geoloop:flag et geoloop:loop : il est interrogé sur chaque entité sans la voir, et sa réponse compte quand l’entité est jugée. Par défaut : vide, un réseau est ajusté sur les étiquettes des couches elles-mêmes, à partir du dernier tour du registre s’il y en a un.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>What the model expects and returns: a JSON file (a STAC item with the machine learning model extension, or the keys of Deepness), or the name of a card that GeoLoop ships, such as dynamicworld. Default: empty, what stands within the model or beside it.</source>
      <translation>Ce que le modèle attend et rend : un fichier JSON (un élément STAC avec l’extension des modèles, ou les clés de Deepness), ou le nom d’une fiche livrée par GeoLoop, comme dynamicworld. Par défaut : vide, ce qui est dans le modèle ou à côté.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The names of the imagery's bands in the order of the model's channels, separated by commas, such as B04,B03,B02. Default: empty, found by name and wavelength.</source>
      <translation>Les noms des bandes de l’imagerie dans l’ordre des canaux du modèle, séparés par des virgules, comme B04,B03,B02. Par défaut : vide, trouvées par nom et longueur d’onde.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Whether imagery whose pixels are larger or smaller than those that the model was made for is resampled to them. Default: no, such imagery is refused.</source>
      <translation>Si une imagerie aux pixels plus grands ou plus petits que ceux pour lesquels le modèle est fait leur est rééchantillonnée. Par défaut : non, une telle imagerie est refusée.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Where the tiles are computed: the address of a Dask scheduler such as tcp://host:8786, whose machines must see the files by the same paths, or local, or local:4 for four processes here. Default: empty, in one process here.</source>
      <translation>Où les tuiles sont calculées : l’adresse d’un ordonnanceur Dask comme tcp://host:8786, dont les machines doivent voir les fichiers aux mêmes chemins, ou local, ou local:4 pour quatre processus ici. Par défaut : vide, dans un processus ici.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>full: 32-bit numbers, results agree between machines. fast: fewer digits where the device gains by it. Default: full.</source>
      <translation>full : nombres de 32 bits, les résultats concordent entre machines. fast : moins de chiffres là où l’appareil y gagne. Par défaut : full.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The side of a tile in pixels, overlap included. Default: what QGIS's options say of GeoLoop, at first 0, what the model asks for.</source>
      <translation>Le côté d’une tuile en pixels, recouvrement compris. Par défaut : ce que disent les options de QGIS sur GeoLoop, d’abord 0, ce que demande le modèle.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The share of a tile that it has in common with its neighbour, from 0 to 0.49. Objects should be smaller than that. Default: empty, what the model asks for, else 0.25.</source>
      <translation>La part d’une tuile qu’elle a en commun avec sa voisine, de 0 à 0,49. Les objets devraient être plus petits. Par défaut : vide, ce que demande le modèle, sinon 0,25.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>How many tiles go through the model at once; halved if the memory does not suffice. Default: 0, chosen.</source>
      <translation>Combien de tuiles passent à la fois dans le modèle ; divisé par deux si la mémoire ne suffit pas. Par défaut : 0, choisi.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>For a model that finds objects: their outlines as a GeoPackage, with the fields class, code, probability, width_m, height_m and angle. Default: not written.</source>
      <translation>Pour un modèle qui trouve des objets : leurs contours en GeoPackage, avec les champs class, code, probability, width_m, height_m et angle. Par défaut : non écrit.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Fused map</source>
      <translation>Carte fusionnée</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The class of each pixel, as GeoTIFF.</source>
      <translation>La classe de chaque pixel, en GeoTIFF.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The probability of each class, from 0 to 1, one band a class, fused and from imagery alone. Default: not written.</source>
      <translation>La probabilité de chaque classe, de 0 à 1, une bande par classe, fusionnée et de l’imagerie seule. Par défaut : non écrit.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Map layers</source>
      <translation>Couches de carte</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Field layers</source>
      <translation>Couches de terrain</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Effort</source>
      <translation>Effort</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Seed</source>
      <translation>Graine</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Least probability</source>
      <translation>Probabilité minimale</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Selected features only</source>
      <translation>Entités sélectionnées seulement</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Allow ballpark transformations</source>
      <translation>Permettre les transformations approximatives</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The GeoPackage that holds the loop: discrepancies, decisions, edits, rounds. An existing one gets a further round; nothing in it is lost.</source>
      <translation>Le GeoPackage qui contient la boucle : désaccords, décisions, modifications, tours. Un registre existant reçoit un tour de plus ; rien n’y est perdu.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Model card</source>
      <translation>Fiche du modèle</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Bands</source>
      <translation>Bandes</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Bring the imagery to the model's resolution</source>
      <translation>Amener l’imagerie à la résolution du modèle</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Dask scheduler</source>
      <translation>Ordonnanceur Dask</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Precision</source>
      <translation>Précision de calcul</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Tile</source>
      <translation>Tuile</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Overlap</source>
      <translation>Recouvrement</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Batch</source>
      <translation>Lot</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Detections</source>
      <translation>Détections</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>HTML (*.html)</source>
      <translation>HTML (*.html)</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Key field</source>
      <translation>Champ de clé</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Legend</source>
      <translation>Légende</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Models (*.onnx *.safetensors)</source>
      <translation>Modèles (*.onnx *.safetensors)</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Default: not written.</source>
      <translation>Par défaut : non écrit.</translation>
    </message>
    <message>
      <location filename="../processing_provider/provider.py" />
      <source>GeoLoop: imagery, maps and field surveys judge each other</source>
      <translation>GeoLoop : imagerie, cartes et enquêtes de terrain se jugent les unes les autres</translation>
    </message>
    <message>
      <location filename="../processing_provider/values.py" />
      <source>{name} must be one of {known}, not {value}.</source>
      <translation>{name} doit être l’un de {known}, et non {value}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/values.py" />
      <source>{name} must be true or false, not {value}.</source>
      <translation>{name} doit être true ou false, et non {value}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/values.py" />
      <source>{name} must be a number from {least} to {most}, not {value}.</source>
      <translation>{name} doit être un nombre de {least} à {most}, et non {value}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/writing_algorithm.py" />
      <source>{name} must end in {endings}, not {path}.</source>
      <translation>{name} doit finir par {endings}, pas {path}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/writing_algorithm.py" />
      <source>The folder {folder} of {name} does not exist.</source>
      <translation>Le dossier {folder} de {name} n’existe pas.</translation>
    </message>
    <message>
      <location filename="../processing_provider/writing_algorithm.py" />
      <source>{name} cannot be written: {path} is read-only.</source>
      <translation>{name} ne peut être écrit : {path} est en lecture seule.</translation>
    </message>
    <message>
      <location filename="../processing_provider/writing_algorithm.py" />
      <source> or </source>
      <translation> ou </translation>
    </message>
    <message>
      <location filename="../ui/chains.py" />
      <source>The example chains are in the toolbox already, under Models.</source>
      <translation>Les chaînes d’exemple sont déjà dans la boîte à outils, sous Modèles.</translation>
    </message>
    <message>
      <location filename="../ui/chains.py" />
      <source>{number} example chains are in the toolbox now, under Models, GeoLoop.</source>
      <translation>{number} chaînes d’exemple sont maintenant dans la boîte à outils, sous Modèles, GeoLoop.</translation>
    </message>
    <message>
      <location filename="../ui/engine_dialog.py" />
      <source>GeoLoop's engine</source>
      <translation>Le moteur de GeoLoop</translation>
    </message>
    <message>
      <location filename="../ui/engine_dialog.py" />
      <source>Install</source>
      <translation>Installer</translation>
    </message>
    <message>
      <location filename="../ui/engine_dialog.py" />
      <source>Examine</source>
      <translation>Examiner</translation>
    </message>
    <message>
      <location filename="../ui/engine_dialog.py" />
      <source>Cancel</source>
      <translation>Annuler</translation>
    </message>
    <message>
      <location filename="../ui/engine_dialog.py" />
      <source>Folder of wheels (optional)</source>
      <translation>Dossier de wheels (facultatif)</translation>
    </message>
    <message>
      <location filename="../ui/engine_dialog.py" />
      <source>Done.</source>
      <translation>Fait.</translation>
    </message>
    <message>
      <location filename="../ui/engine_dialog.py" />
      <source>Not done.</source>
      <translation>Pas fait.</translation>
    </message>
    <message>
      <location filename="../ui/options_page.py" />
      <source>as needed</source>
      <translation>selon le besoin</translation>
    </message>
    <message>
      <location filename="../ui/options_page.py" />
      <source>The engine's Python</source>
      <translation>Le Python du moteur</translation>
    </message>
    <message>
      <location filename="../ui/options_page.py" />
      <source>Empty: the environment variable GEOLOOP_ENGINE_PYTHON, else what “Install the engine” made.</source>
      <translation>Vide : la variable d’environnement GEOLOOP_ENGINE_PYTHON, sinon ce que « Installer le moteur » a fait.</translation>
    </message>
    <message>
      <location filename="../ui/options_page.py" />
      <source>Where networks run: auto takes a GPU if one really works.</source>
      <translation>Où calculent les réseaux : auto prend une carte graphique si l’une fonctionne vraiment.</translation>
    </message>
    <message>
      <location filename="../ui/options_page.py" />
      <source>Raster cache</source>
      <translation>Cache des rasters</translation>
    </message>
    <message>
      <location filename="../ui/options_page.py" />
      <source>How much of rasters the engine keeps in memory.</source>
      <translation>Combien de rasters le moteur garde en mémoire.</translation>
    </message>
    <message>
      <location filename="../ui/options_page.py" />
      <source>The side of a tile in pixels; as needed: what the model asks for.</source>
      <translation>Le côté d’une tuile en pixels ; selon le besoin : ce que demande le modèle.</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Accept</source>
      <translation>Accepter</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Reject</source>
      <translation>Rejeter</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Unsure</source>
      <translation>Incertain</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Edit</source>
      <translation>Modifier</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Back</source>
      <translation>Retour</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Skip</source>
      <translation>Passer</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Before | after</source>
      <translation>Avant | après</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Zoom to it</source>
      <translation>Zoomer dessus</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Accept as changed</source>
      <translation>Accepter modifié</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Leave it</source>
      <translation>Laisser</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>The error is real; what is proposed goes into the layer (A)</source>
      <translation>L’erreur est réelle ; la proposition va dans la couche (A)</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>There is no error; this is not shown again (R)</source>
      <translation>Il n’y a pas d’erreur ; ceci n’est plus montré (R)</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>It cannot be told; it comes back once, later (U)</source>
      <translation>On ne peut le dire ; cela revient une fois, plus tard (U)</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Change what is proposed, then accept it (E)</source>
      <translation>Changer la proposition, puis l’accepter (E)</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Go on without a decision; it comes back at the end (S)</source>
      <translation>Continuer sans décision ; cela revient à la fin (S)</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Draw what is left of a divider and what is proposed right of it (W)</source>
      <translation>Dessiner ce qui est à gauche d’une séparation et ce qui est proposé à droite (W)</translation>
    </message>
    <message>
      <location filename="../ui/review/amending.py" />
      <source>On the map: drag a corner to move it, a side to bend it, the inside to move all of it; Delete over a corner takes it away, Ctrl+Z takes the last step back.</source>
      <translation>Sur la carte : tirez un sommet pour le déplacer, un côté pour le plier, l’intérieur pour tout déplacer ; Suppr sur un sommet l’enlève, Ctrl+Z reprend le dernier pas.</translation>
    </message>
    <message>
      <location filename="../ui/review/amending.py" />
      <source>The outline crosses itself; move its corners, or take steps back with Ctrl+Z.</source>
      <translation>Le contour se croise lui-même ; déplacez ses sommets, ou revenez avec Ctrl+Z.</translation>
    </message>
    <message>
      <location filename="../ui/review/card.py" />
      <source>, changed</source>
      <translation>, changé</translation>
    </message>
    <message>
      <location filename="../ui/review/card.py" />
      <source>How probably this is a real error</source>
      <translation>Combien il est probable que ce soit une vraie erreur</translation>
    </message>
    <message>
      <location filename="../ui/review/card.py" />
      <source>{share} % probable</source>
      <translation>probable à {share} %</translation>
    </message>
    <message>
      <location filename="../ui/review/card.py" />
      <source>Accepting would</source>
      <translation>Accepter ferait ceci</translation>
    </message>
    <message>
      <location filename="../ui/review/card.py" />
      <source>Licence: {flags}</source>
      <translation>Licence : {flags}</translation>
    </message>
    <message>
      <location filename="../ui/review/card.py" />
      <source>as it is</source>
      <translation>tel quel</translation>
    </message>
    <message>
      <location filename="../ui/review/card.py" />
      <source>as proposed</source>
      <translation>comme proposé</translation>
    </message>
    <message>
      <location filename="../ui/review/columns_dialog.py" />
      <source>Which column takes a proposed value? A column is never added; a value without one stays in the ledger.</source>
      <translation>Quelle colonne prend une valeur proposée ? Aucune colonne n’est ajoutée ; une valeur qui n’en a pas reste dans le registre.</translation>
    </message>
    <message>
      <location filename="../ui/review/columns_dialog.py" />
      <source>Columns of “{layer}”</source>
      <translation>Colonnes de « {layer} »</translation>
    </message>
    <message>
      <location filename="../ui/review/columns_dialog.py" />
      <source>{column} (of that name)</source>
      <translation>{column} (de ce nom)</translation>
    </message>
    <message>
      <location filename="../ui/review/filters.py" />
      <source>All kinds</source>
      <translation>Tous les genres</translation>
    </message>
    <message>
      <location filename="../ui/review/filters.py" />
      <source>All layers</source>
      <translation>Toutes les couches</translation>
    </message>
    <message>
      <location filename="../ui/review/filters.py" />
      <source>Map view</source>
      <translation>Vue de la carte</translation>
    </message>
    <message>
      <location filename="../ui/review/filters.py" />
      <source>Only what the map shows now</source>
      <translation>Seulement ce que la carte montre maintenant</translation>
    </message>
    <message>
      <location filename="../ui/review/filters.py" />
      <source>Draw</source>
      <translation>Dessiner</translation>
    </message>
    <message>
      <location filename="../ui/review/filters.py" />
      <source>Only what lies in a rectangle that you draw on the map</source>
      <translation>Seulement ce qui est dans un rectangle que vous dessinez sur la carte</translation>
    </message>
    <message>
      <location filename="../ui/review/filters.py" />
      <source>Clear</source>
      <translation>Effacer</translation>
    </message>
    <message>
      <location filename="../ui/review/filters.py" />
      <source>The random audit needs all of its items: what a filter leaves out, decide later.</source>
      <translation>L’audit au hasard a besoin de tous ses éléments : ce qu’un filtre omet, décidez-le plus tard.</translation>
    </message>
    <message>
      <location filename="../ui/review/filters.py" />
      <source>Kind</source>
      <translation>Genre</translation>
    </message>
    <message>
      <location filename="../ui/review/filters.py" />
      <source>Probability</source>
      <translation>Probabilité</translation>
    </message>
    <message>
      <location filename="../ui/review/filters.py" />
      <source>Region</source>
      <translation>Région</translation>
    </message>
    <message>
      <location filename="../ui/review/filters.py" />
      <source>to</source>
      <translation>à</translation>
    </message>
    <message>
      <location filename="../ui/review/framing.py" />
      <source>The rectangle reaches beyond the ledger's CRS; zoom in first.</source>
      <translation>Le rectangle dépasse le SCR du registre ; zoomez d’abord.</translation>
    </message>
    <message>
      <location filename="../ui/review/framing.py" />
      <source>The outline cannot be brought into the ledger's CRS: {why}</source>
      <translation>Le contour ne peut être mis dans le SCR du registre : {why}</translation>
    </message>
    <message>
      <location filename="../ui/review/layers_menu.py" />
      <source>Push {count} accepted edits into “{layer}”</source>
      <translation>Reporter {count} modifications acceptées dans « {layer} »</translation>
    </message>
    <message>
      <location filename="../ui/review/layers_menu.py" />
      <source>Take the last push into “{layer}” back</source>
      <translation>Reprendre le dernier report dans « {layer} »</translation>
    </message>
    <message>
      <location filename="../ui/review/layers_menu.py" />
      <source>Columns of “{layer}”…</source>
      <translation>Colonnes de « {layer} »…</translation>
    </message>
    <message>
      <location filename="../ui/review/layers_menu.py" />
      <source>Make a new queue</source>
      <translation>Faire une nouvelle file</translation>
    </message>
    <message>
      <location filename="../ui/review/layers_menu.py" />
      <source>Close the ledger</source>
      <translation>Fermer le registre</translation>
    </message>
    <message>
      <location filename="../ui/review/map_view.py" />
      <source>This item has no place on the map.</source>
      <translation>Cet élément n’a pas de lieu sur la carte.</translation>
    </message>
    <message>
      <location filename="../ui/review/map_view.py" />
      <source>The place cannot be shown in the map's coordinate reference system; choose another.</source>
      <translation>Le lieu ne peut être montré dans le système de coordonnées de la carte ; choisissez-en un autre.</translation>
    </message>
    <message>
      <location filename="../ui/review/opening.py" />
      <source>The ledger that holds the discrepancies</source>
      <translation>Le registre qui contient les désaccords</translation>
    </message>
    <message>
      <location filename="../ui/review/opening.py" />
      <source>Make the queue</source>
      <translation>Faire la file</translation>
    </message>
    <message>
      <location filename="../ui/review/opening.py" />
      <source>Open the ledger that “Flag discrepancies” or “Run a round of the loop” wrote.</source>
      <translation>Ouvrez le registre que « Signaler les désaccords » ou « Lancer un tour de la boucle » a écrit.</translation>
    </message>
    <message>
      <location filename="../ui/review/opening.py" />
      <source>No queue yet</source>
      <translation>Pas encore de file</translation>
    </message>
    <message>
      <location filename="../ui/review/opening.py" />
      <source>A queue puts what is worth most of your time first, and draws at least a tenth of its items at random, so that you learn how wrong the layers really are.</source>
      <translation>Une file met en premier ce qui vaut le plus votre temps, et tire au moins un dixième de ses éléments au hasard, pour que vous appreniez à quel point les couches sont vraiment fausses.</translation>
    </message>
    <message>
      <location filename="../ui/review/opening.py" />
      <source>items</source>
      <translation>éléments</translation>
    </message>
    <message>
      <location filename="../ui/review/opening.py" />
      <source>Nothing left here</source>
      <translation>Il ne reste rien ici</translation>
    </message>
    <message>
      <location filename="../ui/review/opening.py" />
      <source>Every item that the filter shows is decided. Widen the filter, or make a new queue.</source>
      <translation>Chaque élément que le filtre montre est décidé. Élargissez le filtre, ou faites une nouvelle file.</translation>
    </message>
    <message>
      <location filename="../ui/review/opening.py" />
      <source>All done</source>
      <translation>Tout est fait</translation>
    </message>
    <message>
      <location filename="../ui/review/opening.py" />
      <source>Every item of this queue is decided. Push what you accepted, or make the next queue: it learns from what you said.</source>
      <translation>Chaque élément de cette file est décidé. Reportez ce que vous avez accepté, ou faites la suivante : elle apprend de ce que vous avez dit.</translation>
    </message>
    <message>
      <location filename="../ui/review/overlay.py" />
      <source>before</source>
      <translation>avant</translation>
    </message>
    <message>
      <location filename="../ui/review/overlay.py" />
      <source>after</source>
      <translation>après</translation>
    </message>
    <message>
      <location filename="../ui/review/page_strip.py" />
      <source>{title}: {said}. Shift or Ctrl with a click takes it along.</source>
      <translation>{title} : {said}. Maj ou Ctrl avec un clic le prend avec.</translation>
    </message>
    <message>
      <location filename="../ui/review/page_strip.py" />
      <source>{count} together</source>
      <translation>{count} ensemble</translation>
    </message>
    <message>
      <location filename="../ui/review/panel.py" />
      <source>GeoLoop review</source>
      <translation>Revue GeoLoop</translation>
    </message>
    <message>
      <location filename="../ui/review/panel.py" />
      <source>who decides</source>
      <translation>qui décide</translation>
    </message>
    <message>
      <location filename="../ui/review/panel.py" />
      <source>why, if it should be known (N)</source>
      <translation>pourquoi, si cela doit se savoir (N)</translation>
    </message>
    <message>
      <location filename="../ui/review/panel.py" />
      <source>Filter</source>
      <translation>Filtre</translation>
    </message>
    <message>
      <location filename="../ui/review/panel.py" />
      <source>Layers</source>
      <translation>Couches</translation>
    </message>
    <message>
      <location filename="../ui/review/panel.py" />
      <source>Note</source>
      <translation>Note</translation>
    </message>
    <message>
      <location filename="../ui/review/reading.py" />
      <source>The ledger {path} cannot be used ({why}); close other programs that hold it, or open another.</source>
      <translation>Le registre {path} est inutilisable ({why}) ; fermez les autres programmes qui le tiennent, ou ouvrez-en un autre.</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>nothing here</source>
      <translation>rien ici</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>a feature</source>
      <translation>une entité</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>{p} {name} within the outline</source>
      <translation>{p} {name} dans le contour</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>Look whether anything is wrong with this feature of “{layer}”: nothing is flagged of it. Accept means that something is wrong, reject that it is right.</source>
      <translation>Regardez si quelque chose ne va pas avec cette entité de « {layer} » : rien n’en est signalé. Accepter veut dire que quelque chose est faux, rejeter qu’elle est juste.</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>east</source>
      <translation>à l’est</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>north-east</source>
      <translation>au nord-est</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>north</source>
      <translation>au nord</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>north-west</source>
      <translation>au nord-ouest</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>west</source>
      <translation>à l’ouest</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>south-west</source>
      <translation>au sud-ouest</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>south</source>
      <translation>au sud</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>south-east</source>
      <translation>au sud-est</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>{there} at the best place, {here} here</source>
      <translation>{there} au meilleur endroit, {here} ici</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>Feature</source>
      <translation>Entité</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>Judged</source>
      <translation>Jugé</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>class</source>
      <translation>classe</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>Map “{layer}”</source>
      <translation>Carte « {layer} »</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>; {best} at the best place near by</source>
      <translation> ; {best} au meilleur endroit proche</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>All others</source>
      <translation>Toutes les autres</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>{area} m²</source>
      <translation>{area} m²</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>{length} m off</source>
      <translation>décalé de {length} m</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>Field “{layer}”</source>
      <translation>Terrain « {layer} »</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>Imagery “{layer}”</source>
      <translation>Imagerie « {layer} »</translation>
    </message>
    <message>
      <location filename="../ui/review/tally.py" />
      <source>{left} of {total} left</source>
      <translation>reste {left} sur {total}</translation>
    </message>
    <message>
      <location filename="../ui/review/tally.py" />
      <source>{count} in the last hour</source>
      <translation>{count} dans la dernière heure</translation>
    </message>
    <message>
      <location filename="../ui/review/tally.py" />
      <source>about {time} to go</source>
      <translation>encore {time} environ</translation>
    </message>
    <message>
      <location filename="../ui/review/targets.py" />
      <source>Recorded, but “{layer}” is as it was: {why}.</source>
      <translation>Consigné, mais « {layer} » est comme avant : {why}.</translation>
    </message>
    <message>
      <location filename="../ui/review/targets.py" />
      <source>Recorded, but the edit is saved in “{layer}” and stays there; to take it back, run geoloop:undo with WHICH {uid}.</source>
      <translation>Noté, mais la modification est enregistrée dans « {layer} » et y reste ; pour l'annuler, exécutez geoloop:undo avec WHICH {uid}.</translation>
    </message>
    <message>
      <location filename="../ui/review/targets.py" />
      <source>{done} edits are in “{layer}”, to be saved or undone there.</source>
      <translation>{done} modifications sont dans « {layer} », à enregistrer ou à annuler là.</translation>
    </message>
    <message>
      <location filename="../ui/review/targets.py" />
      <source>{command}: in “{layer}”, to be saved or undone there.</source>
      <translation>{command} : dans « {layer} », à enregistrer ou à annuler là.</translation>
    </message>
    <message>
      <location filename="../ui/review/targets.py" />
      <source>The edit still stands in “{layer}”: other steps came after it. Undo it there.</source>
      <translation>La modification est encore dans « {layer} » : d’autres pas sont venus après. Annulez-la là.</translation>
    </message>
    <message>
      <location filename="../ui/review/targets.py" />
      <source>No values are proposed for “{layer}”.</source>
      <translation>Aucune valeur n’est proposée pour « {layer} ».</translation>
    </message>
    <message>
      <location filename="../ui/review/targets.py" />
      <source>The layer “{layer}” is not in the project; add it, or push by geoloop:push.</source>
      <translation>La couche « {layer} » n’est pas dans le projet ; ajoutez-la, ou reportez avec geoloop:push.</translation>
    </message>
    <message>
      <location filename="../ui/review/targets.py" />
      <source>{count} do not fit: {which}.</source>
      <translation>{count} ne vont pas : {which}.</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>feature</source>
      <translation>entité</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>accepted</source>
      <translation>accepté</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>rejected</source>
      <translation>rejeté</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>unsure</source>
      <translation>incertain</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>missing</source>
      <translation>manque</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>obsolete</source>
      <translation>disparu</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>shifted</source>
      <translation>décalé</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>reshaped</source>
      <translation>autre forme</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>wrong class</source>
      <translation>mauvaise classe</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>wrong value</source>
      <translation>mauvaise valeur</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>duplicate</source>
      <translation>double</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>invalid</source>
      <translation>invalide</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>field conflict</source>
      <translation>conflit de terrain</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>outdated</source>
      <translation>périmé</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>common shift</source>
      <translation>décalage commun</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>check</source>
      <translation>vérifier</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>add it to the layer</source>
      <translation>l’ajouter à la couche</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>delete it</source>
      <translation>la supprimer</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>delete it, as it is there twice</source>
      <translation>la supprimer, car elle y est deux fois</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>move it</source>
      <translation>la déplacer</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>give it the new outline</source>
      <translation>lui donner le nouveau contour</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>give it the new class</source>
      <translation>lui donner la nouvelle classe</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>set the new value</source>
      <translation>mettre la nouvelle valeur</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>only note it: there is no edit yet</source>
      <translation>seulement la noter : il n’y a pas encore de modification</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>only note it: the place is to be visited again</source>
      <translation>seulement la noter : le lieu est à revisiter</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>change no layer: the next fit learns from it</source>
      <translation>ne changer aucune couche : le prochain ajustement en apprend</translation>
    </message>
    <message>
      <location filename="../ui/review_dock.py" />
      <source>Filter •</source>
      <translation>Filtre •</translation>
    </message>
    <message>
      <location filename="../ui/review_dock.py" />
      <source>Switched off in the list of layers, as it lies over the imagery: {layers}.</source>
      <translation>Décoché dans la liste des couches, car au-dessus de l’imagerie : {layers}.</translation>
    </message>
    <message>
      <location filename="../ui/review_dock.py" />
      <source>“{layer}” is OpenStreetMap's, which wants each object judged by itself: accept them one by one.</source>
      <translation>« {layer} » est à OpenStreetMap, qui veut que chaque objet soit jugé pour lui-même : acceptez-les un par un.</translation>
    </message>
    <message>
      <location filename="../ui/sources/form.py" />
      <source>yes</source>
      <translation>oui</translation>
    </message>
    <message>
      <location filename="../ui/sources/form.py" />
      <source>no</source>
      <translation>non</translation>
    </message>
    <message>
      <location filename="../ui/sources/form.py" />
      <source>What the layers do not say of themselves. Everything may stay empty that does not matter to you; what is left empty is not said.</source>
      <translation>Ce que les couches ne disent pas d’elles-mêmes. Tout ce qui ne vous importe pas peut rester vide ; ce qui est vide n’est pas dit.</translation>
    </message>
    <message>
      <location filename="../ui/sources/form.py" />
      <source>Choose the layers first: imagery, map layers, field layers.</source>
      <translation>Choisissez d’abord les couches : imagerie, couches de carte, couches de terrain.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Field of the class</source>
      <translation>Champ de la classe</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>The field that holds the class of each feature, such as landuse or crop. Needed where no legend is chosen.</source>
      <translation>Le champ qui contient la classe de chaque entité, comme landuse ou crop. Nécessaire si aucune légende n’est choisie.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Field of a value</source>
      <translation>Champ d’une valeur</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>A field whose values are judged too, such as roof_material. In fine-tuning: the number that is learnt.</source>
      <translation>Un champ dont les valeurs sont jugées aussi, comme roof_material. Pour l’ajustement fin : le nombre appris.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>The field that identifies a feature for ever, such as osm_id. Empty: what KEY says, else the feature id.</source>
      <translation>Le champ qui identifie une entité pour toujours, comme osm_id. Vide : ce que dit KEY, sinon l’identifiant de l’entité.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Date</source>
      <translation>Date</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>When all of the layer was made or observed, such as 2024-05-01, 2024-05 or 2024.</source>
      <translation>Quand toute la couche a été faite ou observée, comme 2024-05-01, 2024-05 ou 2024.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Field of the date</source>
      <translation>Champ de la date</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>The field that holds each feature's date. Where it is empty, the date above counts.</source>
      <translation>Le champ qui contient la date de chaque entité. Où il est vide, la date ci-dessus vaut.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Accuracy</source>
      <translation>Précision</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>How far off positions may be, in metres: of a phone's GPS 5, of a survey 0.1.</source>
      <translation>De combien les positions peuvent s’écarter, en mètres : 5 pour le GPS d’un téléphone, 0,1 pour un levé.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Field of the accuracy</source>
      <translation>Champ de la précision</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>The field that holds each feature's accuracy in metres. Where it is empty, the number above counts.</source>
      <translation>Le champ qui contient la précision de chaque entité en mètres. Où il est vide, le nombre ci-dessus vaut.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>The layer's licence, such as ODbL 1.0 or CC BY 4.0. It stands in the report, and for OpenStreetMap's data nothing is accepted in bulk.</source>
      <translation>La licence de la couche, comme ODbL 1.0 ou CC BY 4.0. Elle figure dans le rapport, et pour les données d’OpenStreetMap rien n’est accepté en masse.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>May be edited</source>
      <translation>Peut être modifiée</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>No: the layer is evidence, such as a cadastre, and no edit of it is proposed.</source>
      <translation>Non : la couche est un indice, comme un cadastre, et aucune modification n’en est proposée.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Locked features</source>
      <translation>Entités verrouillées</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Which features are verified and must not be edited, as a filter such as "checked" = 'yes'. They stay evidence.</source>
      <translation>Quelles entités sont vérifiées et ne doivent pas être modifiées, par un filtre comme "checked" = 'yes'. Elles restent des indices.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>May be traced</source>
      <translation>Peut être décalquée</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Whether the licence allows to draw outlines after it. No: outlines that come from it are not written into a layer.</source>
      <translation>Si la licence permet d’en dessiner les contours. Non : les contours qui en viennent ne sont écrits dans aucune couche.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>May train a network</source>
      <translation>Peut entraîner un réseau</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Whether the licence allows that a network learns from it.</source>
      <translation>Si la licence permet qu’un réseau en apprenne.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>May be handed on</source>
      <translation>Peut être transmise</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Whether what is found with it may leave the house: geoloop:exchange needs a yes of every source.</source>
      <translation>Si ce qui est trouvé avec elle peut quitter la maison : geoloop:exchange demande un oui de chaque source.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Imagery looks at it aslant</source>
      <translation>L’imagerie la voit en oblique</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Yes: roofs do not lie above their footprints, so nothing of this layer is moved or reshaped.</source>
      <translation>Oui : les toits ne sont pas au-dessus de leurs emprises, donc rien de cette couche n’est déplacé ni redessiné.</translation>
    </message>
    <message>
      <location filename="../ui/sources/wrapper.py" />
      <source>nothing is said</source>
      <translation>rien n’est dit</translation>
    </message>
    <message>
      <location filename="../ui/sources/wrapper.py" />
      <source>Fill in…</source>
      <translation>Remplir…</translation>
    </message>
    <message>
      <location filename="../ui/sources/wrapper.py" />
      <source>Opens a form that asks of each layer what it does not say of itself.</source>
      <translation>Ouvre un formulaire qui demande de chaque couche ce qu’elle ne dit pas d’elle-même.</translation>
    </message>
    <message>
      <location filename="../ui/suggestions/encoders.py" />
      <source>{title}: choose the file of its public weights, {origin} ({licence})</source>
      <translation>{title} : choisissez le fichier des poids publiés, {origin} ({licence})</translation>
    </message>
    <message>
      <location filename="../ui/suggestions/encoders.py" />
      <source>{title}: has no public weights, it learns from nothing</source>
      <translation>{title} : sans poids publiés, apprend à partir de rien</translation>
    </message>
    <message>
      <location filename="../ui/suggestions/encoders.py" />
      <source>{title}, licence of the weights: {licence}</source>
      <translation>{title}, licence des poids : {licence}</translation>
    </message>
    <message>
      <location filename="../ui/suggestions/field.py" />
      <source>Choose a file</source>
      <translation>Choisir un fichier</translation>
    </message>
    <message>
      <location filename="../ui/suggestions/legends.py" />
      <source>Legends</source>
      <translation>Légendes</translation>
    </message>
    <message>
      <location filename="../ui/suggestions/legends.py" />
      <source>This file is no legend.</source>
      <translation>Ce fichier n’est pas une légende.</translation>
    </message>
    <message>
      <location filename="../ui/suggestions/legends.py" />
      <source>{title} – classes: {names}</source>
      <translation>{title} – classes : {names}</translation>
    </message>
    <message>
      <location filename="../ui/suggestions/wrappers.py" />
      <source>No layer has an attribute of this name.</source>
      <translation>Aucune couche n’a d’attribut de ce nom.</translation>
    </message>
    <message>
      <location filename="../ui/suggestions/wrappers.py" />
      <source>In {layers}</source>
      <translation>Dans {layers}</translation>
    </message>
    <message>
      <location filename="../ui/welcome.py" />
      <source>Install or examine…</source>
      <translation>Installer ou examiner…</translation>
    </message>
    <message>
      <location filename="../ui/welcome.py" />
      <source>Do not say this again</source>
      <translation>Ne plus dire cela</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/common_shift.py" />
      <source>No third source says which of the two is off; nothing is moved.</source>
      <translation>Aucune troisième source ne dit lequel des deux est décalé ; rien n’est déplacé.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/common_shift.py" />
      <source>{layers} lies off by the same, so the imagery is off.</source>
      <translation>{layers} est décalé d’autant : c’est donc l’image qui l’est.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/common_shift.py" />
      <source>{layers} fits the imagery, so the map is off.</source>
      <translation>{layers} correspond à l’image : c’est donc la carte qui est décalée.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/common_shift.py" />
      <source>{count} features lie off the imagery together, by {far} m ({east} m east, {north} m north).</source>
      <translation>{count} entités sont décalées ensemble par rapport à l’image, de {far} m ({east} m vers l’est, {north} m vers le nord).</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/duplicate.py" />
      <source>The feature {twin} is the same, so one of the two is there twice; {twin} stays.</source>
      <translation>L’entité {twin} est la même : l’une des deux y est deux fois ; {twin} reste.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/duplicate.py" />
      <source>The feature {twin} covers the same ground to {share}, so one of the two is there twice; {twin} stays.</source>
      <translation>L’entité {twin} couvre le même sol à {share} : l’une des deux y est deux fois ; {twin} reste.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/field_conflict.py" />
      <source>The visit saw {name}; imagery shows {shown} within {far} m.</source>
      <translation>La visite a vu {name} ; l’image montre {shown} à moins de {far} m.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/field_conflict.py" />
      <source>The visit saw {name}; imagery shows {shown}.</source>
      <translation>La visite a vu {name} ; l’image montre {shown}.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/invalid.py" />
      <source>The geometry is invalid: {reason}.</source>
      <translation>La géométrie est invalide : {reason}.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/invalid.py" />
      <source>The geometry is invalid: it has no extent.</source>
      <translation>La géométrie est invalide : elle n’a pas d’étendue.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/invalid.py" />
      <source>Repairing it changes its area by {change}.</source>
      <translation>La réparation change sa surface de {change}.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/invalid.py" />
      <source>A repair would change its shape: a person must say what was meant.</source>
      <translation>Une réparation changerait sa forme : une personne doit dire ce qui était voulu.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/label_patch.py" />
      <source>{layers} say {name} here; the imagery is read as {shown}, with {share} for {name}.</source>
      <translation>{layers} : ici {name} ; l’image est lue comme {shown}, avec {share} pour {name}.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/missing.py" />
      <source>The imagery shows {name} here with {here} probability, {around} around it, and no feature of “{layer}” covers it.</source>
      <translation>L’image montre ici {name} avec une probabilité de {here}, {around} autour, et aucune entité de « {layer} » ne le couvre.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/missing_roads.py" />
      <source>The imagery shows {far} m of {name} with {here} probability along its middle, and no line of “{layer}” runs along it.</source>
      <translation>L’image montre {far} m de {name} avec une probabilité de {here} le long du milieu, et aucune ligne de « {layer} » n’y passe.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/obsolete.py" />
      <source>The outline has no {name} under it: {here} {name} probability after the {moved} m shift of its neighbours, {visible} of it visible; the best place within a few metres has {best}.</source>
      <translation>Il n’y a rien sous le contour ({name}) : probabilité de {here} après le décalage de {moved} m des voisins, {visible} visible ; le meilleur endroit à quelques mètres a {best}.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/obsolete.py" />
      <source>The outline has no {name} under it: {here} {name} probability, {visible} of it visible; the best place within a few metres has {best}.</source>
      <translation>Il n’y a rien sous le contour ({name}) : probabilité de {here}, {visible} visible ; le meilleur endroit à quelques mètres a {best}.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/obsolete_roads.py" />
      <source>Along the line the imagery shows {name} with {here} probability; {share} of its length has support, and the weakest {stretch} m have {weakest}.</source>
      <translation>Le long de la ligne, l’image montre {name} avec une probabilité de {here} ; {share} de sa longueur est étayée, les {stretch} m les plus faibles à {weakest}.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/outdated.py" />
      <source>The visit is of {date}, {old} years older than the newest source.</source>
      <translation>La visite date du {date}, {old} ans de plus que la source la plus récente.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/outdated.py" />
      <source>The feature is of {date}, {old} years older than the newest source.</source>
      <translation>L’entité date du {date}, {old} ans de plus que la source la plus récente.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/outdated.py" />
      <source>About half of such features change within {half} years.</source>
      <translation>Environ la moitié de ces entités changent en {half} ans.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/outdated.py" />
      <source>About half of {name} change within {half} years.</source>
      <translation>Environ la moitié de {name} change en {half} ans.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/reshaped.py" />
      <source>It has several parts, and no other outline is drawn of such.</source>
      <translation>Elle a plusieurs parties, et aucun autre contour n’est tracé pour celles-ci.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/reshaped.py" />
      <source>No other outline is surely better.</source>
      <translation>Aucun autre contour n’est sûrement meilleur.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/reshaped.py" />
      <source>The outline fits what the imagery shows of the {name} to {fits} only: {hole} of it shows none, and beside it lie another {beside} of its area.</source>
      <translation>Le contour ne correspond qu’à {fits} à ce que montre l’image ({name}) : {hole} n’en montre rien, et à côté se trouvent encore {beside} de sa surface.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/sentences.py" />
      <source>“{layer}” says {name}.</source>
      <translation>« {layer} » dit {name}.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/shifted.py" />
      <source>The {name} lies {far} m {towards} of its outline, or elsewhere near by: {there} {name} probability at the best place, {here} where its neighbours say that it should lie ({off} m off).</source>
      <translation>Cela ({name}) se trouve à {far} m {towards} de son contour, ou ailleurs tout près : probabilité de {there} au meilleur endroit, de {here} là où ses voisins le situent (à {off} m).</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/shifted.py" />
      <source>The {name} lies {far} m {towards} of its outline: {there} {name} probability at the best place, {here} where its neighbours say that it should lie ({off} m off).</source>
      <translation>Cela ({name}) se trouve à {far} m {towards} de son contour : probabilité de {there} au meilleur endroit, de {here} là où ses voisins le situent (à {off} m).</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/shifted_roads.py" />
      <source>The {name} runs {far} m {towards} of its line, or elsewhere near by: {there} {name} probability along it there, {here} where its neighbours say that it should run.</source>
      <translation>Cela ({name}) passe à {far} m {towards} de sa ligne, ou ailleurs tout près : probabilité de {there} à cet endroit, de {here} là où ses voisins le situent.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/shifted_roads.py" />
      <source>The {name} runs {far} m {towards} of its line: {there} {name} probability along it there, {here} where its neighbours say that it should run.</source>
      <translation>Cela ({name}) passe à {far} m {towards} de sa ligne : probabilité de {there} à cet endroit, de {here} là où ses voisins le situent.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/wrong_class.py" />
      <source>Without its own label, {best} is {chance} probable here and {own} {own_chance}.</source>
      <translation>Sans sa propre étiquette, {best} est probable ici à {chance} et {own} à {own_chance}.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/wrong_value.py" />
      <source>{name} is “{value}”, as in {rare} of the features; {often} say “{usual}”.</source>
      <translation>{name} est « {value} », comme pour {rare} des entités ; {often} disent « {usual} ».</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/wrong_value.py" />
      <source>{name} is “{value}”; features like it say “{other}” ({chance} against {own}).</source>
      <translation>{name} est « {value} » ; des entités semblables disent « {other} » ({chance} contre {own}).</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/wrong_value.py" />
      <source>{number} would fit.</source>
      <translation>{number} conviendrait.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/wrong_value.py" />
      <source>{name} is {number}, where {expected} is expected from the feature and its surroundings: {off} usual deviations off.</source>
      <translation>{name} vaut {number}, alors que l’entité et ses alentours font attendre {expected} : {off} écarts habituels de différence.</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>Look whether there is {proposed} here: “{layer}” shows none.</source>
      <translation>Regardez s’il y a ici {proposed} : « {layer} » n’en montre pas.</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>Look whether the {now} of “{layer}” is still here.</source>
      <translation>Regardez si cela ({now}) de « {layer} » est encore là.</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>Look where the {now} really stands: “{layer}” seems to have it in the wrong place.</source>
      <translation>Regardez où cela ({now}) se trouve vraiment : « {layer} » semble l’avoir au mauvais endroit.</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>Look how far the {now} reaches: its outline in “{layer}” seems wrong.</source>
      <translation>Regardez jusqu’où cela ({now}) s’étend : son contour dans « {layer} » semble faux.</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>Look whether this is {proposed}: “{layer}” says {now}.</source>
      <translation>Regardez si c’est {proposed} : « {layer} » dit {now}.</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>Look whether what “{layer}” says of this {now} is right: {before}; proposed is {after}.</source>
      <translation>Regardez si ce que « {layer} » dit de cela ({now}) est juste : {before} ; il est proposé {after}.</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>Look whether this is one {now} or two: “{layer}” has it twice.</source>
      <translation>Regardez si c’est un seul {now} ou deux : « {layer} » l’a deux fois.</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>Look how the {now} is bounded: its outline in “{layer}” is no valid shape.</source>
      <translation>Regardez comment cela ({now}) est délimité : son contour dans « {layer} » n’est pas une forme valide.</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>Look again at what is here: the visit in “{layer}” says {now}, the others {proposed}.</source>
      <translation>Regardez à nouveau ce qu’il y a ici : la visite dans « {layer} » dit {now}, les autres {proposed}.</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>Look whether this is still {now}: what “{layer}” says is old.</source>
      <translation>Regardez si c’est encore {now} : ce que dit « {layer} » est ancien.</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>Measure a sharp corner here: the objects of “{layer}” lie off together.</source>
      <translation>Mesurez ici un angle net : les objets de « {layer} » sont décalés ensemble.</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>nothing</source>
      <translation>rien</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>something else</source>
      <translation>autre chose</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>object</source>
      <translation>objet</translation>
    </message>
  </context>
</TS>
